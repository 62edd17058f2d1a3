using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// The wire below a connection to legacy, controlled by a test: reads return what the test sends, and from
/// <see cref="Hold"/> on writes neither end nor fail until <see cref="Break"/>.
/// </summary>
internal sealed class HeldWire : Stream
{
    private readonly Pipe _coming = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
    private readonly StringBuilder _written = new();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHeld;

    /// <summary>What was written and not held back. Each character represents a byte.</summary>
    public string Written
    {
        get
        {
            lock (_written)
                return _written.ToString();
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends when all of it has been read.</summary>
    public async Task SendAsync(string text)
    {
        var taken = _coming.Writer.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();
        await taken.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    public void Hold() => _isHeld = true;

    /// <summary>The other side has closed, and accepts nothing more.</summary>
    public void Break() => _broken.SetException(new IOException("The connection was reset."));

    /// <summary>A zero-byte read ends when data has arrived, like a socket's.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _coming.Reader.ReadAsync(cancellationToken);
        var count = (int)Math.Min(buffer.Length, result.Buffer.Length);
        var taken = result.Buffer.Slice(0, count);
        taken.CopyTo(buffer.Span);
        _coming.Reader.AdvanceTo(taken.End);
        return count;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (_isHeld)
            await _broken.Task.WaitAsync(cancellationToken);
        lock (_written)
            _written.Append(Encoding.Latin1.GetString(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
