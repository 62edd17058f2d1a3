using Strangler.ChangeLog;
using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>
/// What one gateway has seen of the watermark and of the source, and the age of documents that follows from it. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// <para>The age of a document is the time since the latest moment before which all commits are certain to be in the
/// document.</para>
/// <para>
/// 1. If the source can be looked at, that moment is when the last look was sent whose LSN the watermark has passed.
/// Only the time that passes here and the order of the log count. Clocks that are wrong or step may make a document
/// older, never younger: an <see cref="Strangler.Foundation.Clocks.AgeClock"/> measures the time, and counts what the
/// machine slept through. When looks stop, the age grows; before the first one nothing is known.
/// </para>
/// <para>
/// LSNs can't be compared across a server's restoration to an older state: looks at a run of the server count only
/// after the log was found to have that run's history. If the source's LSN has gone back without a restart, such as on
/// a machine that was restored together with its memory, the log must be compared again.
/// </para>
/// <para>
/// 2. If it can't be looked at, only the clocks remain: the age is this gateway's clock minus the source's at the
/// watermark. A watermark from the future is then a doubt.
/// </para>
/// <para>
/// 3. In both cases a watermark is at least as old as the time since this gateway first saw it. One that hasn't moved
/// since this gateway started says nothing: what wrote it may have stopped long ago.
/// </para>
/// </remarks>
/// <param name="isSourceKnown">
/// Whether the source can be looked at. If so, nothing is known until the first look.
/// </param>
internal sealed class WatermarkHistory(bool isSourceKnown)
{
    /// <summary>
    /// The maximum number of looks kept, for about an hour. A watermark that hasn't passed the oldest one is stale.
    /// </summary>
    internal const int MaxLooks = 16_384;

    /// <summary>The time between kept looks, which is the precision of ages.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How far a watermark may be ahead of this gateway's clock.</summary>
    internal static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(5);

    private const int MaxMarks = 64;
    private readonly List<ObservedSourceLsn> _looks = [];
    private string? _server;
    private SourceVerification? _verification,
        _refuted;
    private readonly List<Mark> _marks = [];

    /// <summary>Whether any watermark has moved since the start.</summary>
    public bool HasMoved { get; private set; }

    public void Look(ObservedSourceLsn look)
    {
        var hasGoneBack = _looks.Count > 0 && look.Lsn < _looks[^1].Lsn;
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

    /// <param name="watermark">The watermark that a look-up or the poll has read.</param>
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
    /// Whether the log was found to have the history of this run of the source's server, according to the last
    /// watermark.
    /// </summary>
    public bool IsVerified(string server) =>
        _verification is { } verification && verification.Server == server && verification != _refuted;

    /// <summary>How long a watermark has been unchanged, as far as this gateway has seen.</summary>
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
        var mark = new Mark(watermark, watermark.Position.Reach, now, isFirst);
        _marks.Add(mark);
        HasMoved |= !isFirst;
        return mark;
    }

    /// <summary>The last look whose LSN is at or before a place. LSNs and times of looks increase together.</summary>
    private ObservedSourceLsn? Passed(Lsn reach)
    {
        var (low, high) = (0, _looks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_looks[middle].Lsn <= reach)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : _looks[low - 1];
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed record Mark(Watermark Watermark, Lsn Reach, TimeSpan Seen, bool IsFirst);
}
