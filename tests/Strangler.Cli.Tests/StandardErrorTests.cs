using System.Security;
using System.Text;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class StandardErrorTests
{
    /// <summary>What .NET makes of ENOSPC, EACCES, EFBIG and others.</summary>
    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(ArgumentOutOfRangeException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(SecurityException))]
    public async Task Write_CannotBeWritten_IsLost(Type exception)
    {
        await using var error = new StandardError(new Broken(exception));

        error.Write('a');
        error.Write("a");
        error.Write(['a', 'b']);
        error.Write("ab".AsSpan());
        error.WriteLine("a");
        error.WriteLine();
        await error.WriteLineAsync("a");
        await error.FlushAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Broken(Type exception) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Throw();

        public override void Write(char[] buffer, int index, int count) => Throw();

        public override void Write(string? value) => Throw();

        public override void WriteLine(string? value) => Throw();

        public override void Flush() => Throw();

        private void Throw() => throw (Exception)Activator.CreateInstance(exception, "no")!;
    }
}
