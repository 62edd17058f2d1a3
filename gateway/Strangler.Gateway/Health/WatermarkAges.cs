using Strangler.ChangeLog;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>The ages of watermarks, for all requests of this gateway.</summary>
internal sealed class WatermarkAges(GatewayModel model, TimeProvider time)
{
    private static readonly TimeSpan MaxLookAge = TimeSpan.FromSeconds(5);
    private readonly WatermarkHistory _history = new(model.Source is not null);
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private volatile ClockOffset? _offset;
    private long _looked;

    /// <summary>
    /// How far the source's clock was ahead of this gateway's at the last look. Null if there was none.
    /// </summary>
    public ClockOffset? Offset => _offset;

    public bool HasMoved
    {
        get
        {
            lock (_lock)
                return _history.HasMoved;
        }
    }

    /// <summary>Records a look at the source.</summary>
    /// <param name="sent">The timestamp just before the question.</param>
    /// <param name="received">The timestamp just after the answer.</param>
    /// <param name="server">The run of its server, identified by its start.</param>
    /// <param name="lsn">Its insert LSN.</param>
    /// <param name="clock">Its clock.</param>
    public void Looked(long sent, long received, string server, Lsn lsn, DateTimeOffset clock)
    {
        var trip = time.GetElapsedTime(sent, received);
        _offset = ClockOffset.Of(clock, trip, time.GetUtcNow());
        Volatile.Write(ref _looked, received);
        lock (_lock)
            _history.Look(new ObservedSourceLsn(time.GetElapsedTime(_start, sent), server, lsn));
    }

    /// <summary>Whether the log was last found to have the history of this run of the source's server.</summary>
    public bool IsVerified(string server)
    {
        lock (_lock)
            return _history.IsVerified(server);
    }

    /// <summary>Whether the source was looked at recently.</summary>
    public bool IsLookedAt =>
        Volatile.Read(ref _looked) is not 0 and var looked && time.GetElapsedTime(looked) < MaxLookAge;

    /// <summary>How long a watermark has been unchanged, as far as this gateway has seen.</summary>
    public TimeSpan RestOf(Watermark watermark)
    {
        lock (_lock)
            return _history.RestOf(watermark, time.GetElapsedTime(_start));
    }

    public WatermarkAge Of(Watermark watermark)
    {
        lock (_lock)
            return _history.AgeOf(watermark, time.GetElapsedTime(_start), time.GetUtcNow());
    }
}
