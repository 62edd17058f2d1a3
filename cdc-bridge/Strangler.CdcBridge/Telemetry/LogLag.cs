namespace Strangler.CdcBridge.Telemetry;

/// <summary>
/// How far the log is behind its source, in time. Both times are the source's: its clock is read with each look at the
/// slot, and runs on in between, also while the source doesn't answer.
/// </summary>
internal sealed class LogLag(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _end,
        _source;
    private long _read;

    /// <summary>In seconds; null until both times are known.</summary>
    public double? Seconds
    {
        get
        {
            lock (_lock)
                return _source is { } source && _end is { } end
                    ? Math.Max(0, (source + time.GetElapsedTime(_read) - end).TotalSeconds)
                    : null;
        }
    }

    /// <summary>The source's clock now.</summary>
    public void SourceIsAt(DateTimeOffset clock)
    {
        lock (_lock)
            (_source, _read) = (clock, time.GetTimestamp());
    }

    /// <summary>The source's clock at the log's end.</summary>
    public void EndsAt(DateTimeOffset at)
    {
        lock (_lock)
            _end = at;
    }
}
