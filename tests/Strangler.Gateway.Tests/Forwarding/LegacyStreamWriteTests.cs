using System.Text;
using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Forwarding;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// What <see cref="LegacyStream"/> does when reads and writes end in an order that is rare with a socket.
/// </summary>
public sealed class LegacyStreamWriteTests
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// The client's own read, which began before its request, has taken the answer; then a write finds the connection
    /// closed. The answer isn't lost.
    /// </summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n")]
    public async Task Write_FailsWhenTheAnswerHasBeenRead_IsThrownAway(string answer)
    {
        var legacy = new Scripted();
        await using var stream = new LegacyStream(legacy, new FakeTimeProvider());
        var buffer = new byte[4 << 10];
        var reading = stream.ReadAsync(buffer, Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head), Cancellation);
        await stream.WriteAsync(new byte[10], Cancellation);

        legacy.Answer(answer);
        var read = await reading;
        legacy.Reset();
        await stream.WriteAsync(new byte[10], Cancellation);
        await stream.WriteAsync(new byte[80], Cancellation);

        Assert.StartsWith(answer[..12], Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        Assert.Equal(Head.Length + 10, legacy.Written);
    }

    /// <summary>An answer to the previous request says nothing about this one.</summary>
    [Fact]
    public async Task Write_FailsAfterAnAnswerToAnEarlierRequest_Fails()
    {
        var legacy = new Scripted();
        await using var stream = new LegacyStream(legacy, new FakeTimeProvider());
        var buffer = new byte[4 << 10];
        var reading = stream.ReadAsync(buffer, Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head), Cancellation);
        legacy.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await reading;
        await stream.WriteAsync(new byte[100], Cancellation);

        var next = stream.ReadAsync(buffer, Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head), Cancellation);
        legacy.Reset();

        await Assert.ThrowsAsync<IOException>(() => stream.WriteAsync(new byte[10], Cancellation).AsTask());
        Assert.Equal(0, await next);
    }

    /// <summary>A connection for which a test decides when data arrives, and whether it still accepts data.</summary>
    private sealed class Scripted : Stream
    {
        private TaskCompletionSource<byte[]> _coming = new();
        private bool _isReset;

        public int Written { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Answer(string text)
        {
            var came = _coming;
            _coming = new TaskCompletionSource<byte[]>();
            came.SetResult(Encoding.ASCII.GetBytes(text));
        }

        /// <summary>Nothing more arrives, and nothing more can be written.</summary>
        public void Reset()
        {
            _isReset = true;
            _coming.SetResult([]);
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var bytes = await _coming.Task.WaitAsync(cancellationToken);
            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isReset)
                throw new IOException("Connection reset by peer.");
            Written += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
