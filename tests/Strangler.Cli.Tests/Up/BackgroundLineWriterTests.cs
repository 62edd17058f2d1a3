using System.Collections.Concurrent;
using System.Text;
using Strangler.Cli.Up;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class BackgroundLineWriterTests
{
    /// <summary>A terminal that accepts no lines (Ctrl-S, a pager) blocks no part.</summary>
    [Fact]
    public void Say_NobodyTakesTheLines_ReturnsAndCountsThem()
    {
        using var writer = new Held();
        using (var lines = new BackgroundLineWriter(writer))
        {
            lines.Say("first");
            writer.Reached.Wait(TestContext.Current.CancellationToken);

            for (var i = 0; i < 3 * BackgroundLineWriter.MaxWaiting; i++)
                lines.Say($"{i}");
            writer.Go.Set();
            while (writer.Written.Count <= BackgroundLineWriter.MaxWaiting)
                Thread.Yield();
            lines.Say("last");
        }

        Assert.Equal(
            ["first", "… 2000 lines were left out, since nobody took them …", "0", "1"],
            writer.Written.Take(4)
        );
        Assert.Equal("last", writer.Written.Last());
    }

    /// <summary>What .NET makes of ENOSPC, of EACCES and of EFBIG.</summary>
    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(ArgumentOutOfRangeException))]
    public void Say_CannotBeWrittenForAWhile_TheNextLineIsWritten(Type exception)
    {
        using var writer = new Held { IsFull = true, Exception = exception };
        writer.Go.Set();
        using (var lines = new BackgroundLineWriter(writer))
        {
            lines.Say("lost");
            while (!writer.Failed)
                Thread.Yield();
            writer.IsFull = false;
            lines.Say("kept");
        }

        Assert.Equal(["kept"], writer.Written);
    }

    private sealed class Held : TextWriter
    {
        private volatile bool _isFull;
        private volatile bool _failed;

        public ConcurrentQueue<string> Written { get; } = new();

        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public bool IsFull
        {
            get => _isFull;
            set => _isFull = value;
        }

        public Type Exception { get; init; } = typeof(IOException);

        public bool Failed => _failed;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            Reached.Set();
            Go.Wait();
            if (_isFull)
            {
                _failed = true;
                throw (Exception)Activator.CreateInstance(Exception, "No space left on device")!;
            }
            Written.Enqueue(value!);
        }

        protected override void Dispose(bool disposing)
        {
            Reached.Dispose();
            Go.Dispose();
            base.Dispose(disposing);
        }
    }
}
