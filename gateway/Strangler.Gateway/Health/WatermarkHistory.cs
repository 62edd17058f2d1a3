using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>
/// What one gateway has seen of the watermark and of the source, and how old documents are by that. Not safe for
/// several threads.
/// </summary>
/// <remarks>
/// <para>A document is as old as the time since the last moment of which it is certain that all commits before it are
/// in the document.</para>
/// <para>
/// 1. Where the source can be looked at, that moment is when the last look was sent whose LSN the watermark has passed.
/// Only the time that passes here and the order of the log count. Clocks that are wrong or step may make a document
/// older, never younger: that time is told by an <see cref="Strangler.Foundation.Clocks.AgeClock"/>, which counts what
/// the machine slept through too. When looks cease, the age grows; before the first one nothing is known.
/// </para>
/// <para>
/// An LSN means nothing across a server that was put back to an older state: looks at a run of the server count only
/// once the
/// log was found to have that run's history. Where the source's LSN has gone back without another start, as that of a
/// machine
/// that was put back with its memory, the log has to be compared again.
/// </para>
/// <para>
/// 2. Where it cannot, only the clocks are left: this gateway's less the source's at the watermark. A watermark from
/// the future is
/// then a doubt.
/// </para>
/// <para>
/// 3. Either way a watermark is no younger than the time since this gateway first saw it, and one that has not moved
/// since this gateway
/// started says nothing: what made it may have ended long ago.
/// </para>
/// </remarks>
/// <param name="isSourceKnown">Whether the source can be looked at; until it was, nothing is known then.</param>
internal sealed class WatermarkHistory(bool isSourceKnown)
{
    /// <summary>The most looks that are kept, of about an hour; what has not passed the oldest one is stale.</summary>
    internal const int MaxLooks = 16_384;

    /// <summary>From one kept look to the next: no age is known better than this.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How far a watermark may lie ahead of this gateway's clock.</summary>
    internal static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(5);

    private const int MaxMarks = 64;
    private readonly List<ObservedSourceLsn> _looks = [];
    private string? _server;
    private SourceVerification? _verification,
        _refuted;
    private readonly List<Mark> _marks = [];

    /// <summary>Whether some watermark has moved since the start.</summary>
    public bool HasMoved { get; private set; }

    public void Look(ObservedSourceLsn look)
    {
        var hasGoneBack = _looks.Count > 0 && look.Lsn.Value < _looks[^1].Lsn.Value;
        if (hasGoneBack && look.Server == _server)
            _refuted = _verification;
        if (hasGoneBack || look.Server != _server)
            _looks.Clear(); // another history of the source
        _server = look.Server;
        if (_looks.Count > 0 && look.Sent - _looks[^1].Sent < LookInterval)
            return;
        if (_looks.Count == MaxLooks)
            _looks.RemoveRange(0, MaxLooks / 4);
        _looks.Add(look);
    }

    /// <param name="watermark">What a look-up or the poll has brought.</param>
    /// <param name="now">This gateway's time.</param>
    /// <param name="clock">This gateway's clock.</param>
    public WatermarkAge AgeOf(Watermark watermark, TimeSpan now, DateTimeOffset clock)
    {
        var mark = See(watermark, now);
        if (mark.IsFirst)
            return new WatermarkAge.Unknown(CallGraphReason.NotMoved); // 3.
        var rest = now - mark.Seen;
        if (isSourceKnown) // 1.
        {
            if (_server is not null && !IsVerified(_server))
                return new WatermarkAge.Unknown(CallGraphReason.SourceUnverified);
            return Passed(mark.Reach) is { } passed
                ? new WatermarkAge.Known(Max(rest, now - passed.Sent))
                : new WatermarkAge.Unknown(CallGraphReason.Stale);
        }
        var age = clock - watermark.At; // 2.
        return age < -MaxAhead
            ? new WatermarkAge.Unknown(CallGraphReason.ClockAhead)
            : new WatermarkAge.Known(Max(rest, age));
    }

    /// <summary>
    /// Whether the log was found to have the history of that run of the source's server, as the last watermark says.
    /// </summary>
    public bool IsVerified(string server) =>
        _verification is { } verification && verification.Server == server && verification != _refuted;

    /// <summary>For how long a watermark has stood still, as far as this gateway has seen.</summary>
    public TimeSpan RestOf(Watermark watermark, TimeSpan now) => now - See(watermark, now).Seen;

    private Mark See(Watermark watermark, TimeSpan now)
    {
        _verification = watermark.Verification;
        watermark = watermark with { Verification = null };
        var isFirst = true;
        for (var i = _marks.Count - 1; i >= 0; i--)
        {
            if (_marks[i].Watermark == watermark)
                return _marks[i];
            if (_marks[i].Watermark.Source == watermark.Source)
                isFirst = false;
        }
        if (_marks.Count == MaxMarks)
            _marks.RemoveAt(0);
        var mark = new Mark(watermark, SourceLsn.ReachOf(watermark.Position), now, isFirst);
        _marks.Add(mark);
        HasMoved |= !isFirst;
        return mark;
    }

    /// <summary>The last look whose LSN lies at or before a place. LSNs and times of looks rise together.</summary>
    private ObservedSourceLsn? Passed(SourceLsn reach)
    {
        var (low, high) = (0, _looks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_looks[middle].Lsn.Value <= reach.Value)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : _looks[low - 1];
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed record Mark(Watermark Watermark, SourceLsn Reach, TimeSpan Seen, bool IsFirst);
}
