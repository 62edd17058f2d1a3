using Strangler.Foundation.Clocks;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>How old watermarks are, for all requests of this gateway.</summary>
internal sealed class WatermarkAges(GatewayModel model, TimeProvider time)
{
    private static readonly TimeSpan MaxLookAge = TimeSpan.FromSeconds(5);
    private readonly WatermarkHistory _history = new(model.Source is not null);
    private readonly Lock _lock = new();
    private readonly AgeClock _clock = new(time);
    private volatile ClockOffset? _offset;
    private long _looked;

    /// <summary>
    /// How far the source's clock was ahead of this gateway's when it was last looked at; null: it was not.
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

    /// <summary>This gateway's time, by which ages are told.</summary>
    public TimeSpan Now() => _clock.Now();

    /// <summary>The source was looked at, and has just answered.</summary>
    /// <param name="sent"><see cref="Now"/> just before it was asked.</param>
    /// <param name="server">The run of its server: when it started.</param>
    /// <param name="lsn">Its insert LSN.</param>
    /// <param name="clock">Its clock.</param>
    public void Looked(TimeSpan sent, string server, string lsn, DateTimeOffset clock)
    {
        var received = _clock.Now();
        _offset = ClockOffset.Of(clock, received - sent, time.GetUtcNow());
        Volatile.Write(ref _looked, received.Ticks);
        _clock.Witness(server, sent, clock);
        lock (_lock)
            _history.Look(new ObservedSourceLsn(sent, server, SourceLsn.Parse(lsn)));
    }

    /// <summary>Whether the log was last found to have the history of that run of the source's server.</summary>
    public bool IsVerified(string server)
    {
        lock (_lock)
            return _history.IsVerified(server);
    }

    /// <summary>Whether the source was looked at lately.</summary>
    public bool IsLookedAt =>
        Volatile.Read(ref _looked) is not 0 and var looked && _clock.Now() - TimeSpan.FromTicks(looked) < MaxLookAge;

    /// <summary>For how long a watermark has stood still, as far as this gateway has seen.</summary>
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
