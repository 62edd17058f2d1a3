using Strangler.ChangeLog;
using Strangler.Foundation.Clocks;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>The ages of watermarks, for all requests of this gateway.</summary>
internal sealed class WatermarkAges(GatewayModel model, TimeProvider time)
{
    private static readonly TimeSpan MaxLookAge = TimeSpan.FromSeconds(5);
    private readonly WatermarkHistory _history = new(model.Source is not null);
    private readonly Lock _lock = new();
    private readonly AgeClock _clock = new(time);
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

    /// <summary>This gateway's time, by which ages are measured.</summary>
    public TimeSpan Now() => _clock.Now();

    /// <summary>Records a look at the source that has just been answered.</summary>
    /// <param name="sent"><see cref="Now"/> just before the question.</param>
    /// <param name="server">The run of its server, identified by its start.</param>
    /// <param name="lsn">Its insert LSN.</param>
    /// <param name="clock">Its clock.</param>
    public void Looked(TimeSpan sent, string server, Lsn lsn, DateTimeOffset clock)
    {
        var received = _clock.Now();
        _offset = ClockOffset.Of(clock, received - sent, time.GetUtcNow());
        _clock.Witness(server, sent, clock);
        lock (_lock)
            _history.Look(new ObservedSourceLsn(sent, server, lsn));
        Volatile.Write(ref _looked, received.Ticks); // last: who sees it finds the look
    }

    /// <summary>Whether the log was last found to have the history of this run of the source's server.</summary>
    public bool IsVerified(string server)
    {
        lock (_lock)
            return _history.IsVerified(server);
    }

    /// <summary>Whether the source was looked at recently.</summary>
    public bool IsLookedAt =>
        Volatile.Read(ref _looked) is not 0 and var looked && _clock.Now() - TimeSpan.FromTicks(looked) < MaxLookAge;

    /// <summary>How long a watermark has been unchanged, as far as this gateway has seen.</summary>
    public TimeSpan RestOf(Watermark watermark)
    {
        lock (_lock)
            return _history.RestOf(watermark, _clock.Now());
    }

    public WatermarkAge Of(Watermark watermark)
    {
        lock (_lock)
            return _history.AgeOf(watermark, _clock.Now(), time.GetUtcNow());
    }
}
