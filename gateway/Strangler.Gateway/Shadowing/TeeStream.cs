using Microsoft.AspNetCore.Http;
using Strangler.Comparing.Verdicts;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Passes an answer on unchanged, with the same writes and flushes, and copies it while the write is in progress. The
/// writer doesn't see failures of the copy.
/// </summary>
internal sealed class TeeStream(Stream inner, HttpResponse response, AnswerCopy copy, int max) : Stream
{
    private bool _begun;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Copy(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var write = inner.WriteAsync(buffer, cancellationToken);
        Copy(buffer.Span); // the owner may reuse the buffer only after the returned task has ended
        return write;
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_begun)
            {
                _begun = true;
                if (IncomparableStatuses.Incomparable(response.StatusCode, response.ContentType ?? "") is { } reason)
                    copy.GiveUp(reason);
                else if (response.ContentLength > max)
                    copy.GiveUp(IncomparableReason.TooLarge);
            }
            copy.Append(bytes);
        }
        catch (Exception) // for any failure, even out of memory: the client's answer continues
        {
            copy.GiveUp(IncomparableReason.Unreadable);
        }
    }
}
