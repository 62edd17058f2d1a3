using System.Runtime.CompilerServices;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// A connection to legacy over which .NET's client speaks HTTP/1.1. That client reads an answer only after it has
/// written the whole request. If legacy answers early and closes, the write fails and the answer would be lost. 1.
/// While a body is written, incoming bytes are read ahead. 2. If legacy refuses the request, or has closed the
/// connection after an answer, the rest of the body is discarded. 3. The client, for which the request is now written,
/// reads that answer, which tells it to close the connection.
/// </summary>
internal sealed class LegacyStream(Stream inner, TimeProvider time) : Stream
{
    /// <summary>How long to wait after a failed write for the answer that legacy sent before it closed.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly UploadProgress _upload = new();
    private readonly CancellationTokenSource _stop = new();
    private AnswerStart _answer = new();
    private byte[] _ahead = [];
    private Task<bool>? _watch;
    private bool _isReading;
    private TaskCompletionSource<bool>? _readEnds;
    private bool _isAnswered;
    private bool _isDeaf;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Writes that aren't part of a body are passed on without an extra task, since most requests have no body.
    /// </summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool isBody;
        lock (_lock)
        {
            if (_isDeaf)
                return ValueTask.CompletedTask;
            isBody = _upload.IsUnderWay;
            if (!isBody && !_answer.IsSwitch)
                (_answer, _isAnswered) = (new(), false); // a request begins
            if (!_answer.IsSwitch)
                _upload.Take(buffer.Span);
            if (isBody && _isReading)
                _readEnds ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            else if (isBody && _watch is null && _ahead.Length == 0)
                _watch = Observed(WatchAsync()); // 1.
        }
        return isBody ? WriteBodyAsync(buffer, cancellationToken) : inner.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask WriteBodyAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            await inner.WriteAsync(buffer, linked.Token);
        }
        catch (Exception exception) when (IsOfLegacy(exception, cancellationToken))
        {
            if (!_stop.IsCancellationRequested && !await HasAnswerAsync())
                throw;
            lock (_lock)
                BeDeaf();
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Task<bool>? watch;
        lock (_lock)
        {
            watch = _watch;
            if (watch is null && _ahead.Length > 0)
                return new(Serve(buffer.Span));
            if (watch is null)
                _isReading = true;
        }
        return watch is null
            ? ReadOnAsync(buffer, cancellationToken)
            : ReadWatchedAsync(watch, buffer, cancellationToken);
    }

    private async ValueTask<int> ReadWatchedAsync(
        Task<bool> watch,
        Memory<byte> buffer,
        CancellationToken cancellationToken
    )
    {
        await watch.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _watch = null;
            if (_ahead.Length > 0)
                return Serve(buffer.Span);
            _isReading = true;
        }
        return await ReadOnAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadOnAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = -1;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            read = Came(buffer.Span, read);
        }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("YARP reads asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("YARP writes asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// Whether an answer has arrived or arrives shortly, although the connection accepts no more bytes.
    /// </summary>
    private async Task<bool> HasAnswerAsync()
    {
        Task<bool>? coming;
        lock (_lock)
        {
            if (_isAnswered || _ahead.Length > 0)
                return true; // it may have been read in the meantime
            coming = _watch ?? _readEnds?.Task;
        }
        try
        {
            return coming is not null && await coming.WaitAsync(MaxWait, time);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool IsOfLegacy(Exception exception, CancellationToken cancellationToken) =>
        exception is IOException
        || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    /// <summary>When a connection is abandoned, its watch ends with an exception that nothing awaits.</summary>
    private static Task<bool> Observed(Task<bool> watch)
    {
        _ = watch.ContinueWith(
            static ended => ended.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return watch;
    }

    private async Task<bool> WatchAsync()
    {
        await Task.Yield(); // the lock is held
        var bytes = new byte[4 << 10];
        bool isRefused,
            hasAnswer,
            goesOn;
        do
        {
            var read = await inner.ReadAsync(bytes);
            lock (_lock)
            {
                var came = bytes.AsSpan(0, read);
                isRefused = IsRefused(came);
                _ahead = [.. _ahead, .. isRefused ? _answer.Closing(came) : came];
                if (isRefused)
                    BeDeaf();
                hasAnswer = _ahead.Length > 0;
                goesOn = read > 0 && _answer.IsOpen;
            }
        } while (goesOn);
        if (isRefused)
            await _stop.CancelAsync();
        return hasAnswer;
    }

    /// <summary>One of the client's own reads has ended, which may have begun before its request.</summary>
    /// <param name="read">Negative if it failed.</param>
    private int Came(Span<byte> buffer, int read)
    {
        TaskCompletionSource<bool>? ends;
        var isRefused = false;
        lock (_lock)
        {
            _isReading = false;
            // a zero-byte read only waits for data, which the client reads next
            if (buffer.IsEmpty && read == 0)
                return 0;
            (ends, _readEnds) = (_readEnds, null);
            _isAnswered |= read > 0 && _upload.IsUnderWay;
            if (read > 0 && IsRefused(buffer[..read]))
            {
                _ahead = _answer.Closing(buffer[..read]);
                read = Serve(buffer);
                BeDeaf();
                isRefused = true;
            }
            else if (read > 0 && _upload.IsUnderWay && _answer.IsOpen)
                _watch = Observed(WatchAsync()); // 1.
        }
        if (isRefused)
            _stop.Cancel();
        ends?.TrySetResult(read > 0);
        return read;
    }

    /// <summary>
    /// Handles incoming bytes. True if legacy refuses with them the request whose body is being written.
    /// </summary>
    private bool IsRefused(ReadOnlySpan<byte> bytes)
    {
        if (!_answer.IsOpen)
            return false;
        _answer.Take(bytes);
        return _answer.IsRefusal && _upload.IsUnderWay;
    }

    /// <summary>2.</summary>
    private void BeDeaf()
    {
        _isDeaf = true;
        _upload.End();
    }

    private int Serve(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _ahead.Length);
        _ahead.AsSpan(0, count).CopyTo(buffer);
        _ahead = _ahead[count..];
        return count;
    }
}
