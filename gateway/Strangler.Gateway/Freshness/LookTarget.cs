using Strangler.ChangeLog;
using Strangler.Gateway.Shadowing;

namespace Strangler.Gateway.Freshness;

/// <summary>
/// What a look at the source asks for: the LSN before which everything was committed that a caller could have seen when
/// the look was sent.
/// </summary>
/// <remarks>
/// <para>
/// A commit that a caller could have seen has its record before the insert LSN that the look reads first, whether it
/// has been written to disk or not.
/// </para>
/// <para>
/// If the snapshot is the same as an earlier look's over the same connection, no transaction with an xid has ended in
/// between, so everything visible was before the insert LSN that the earlier look read last. What was written since,
/// such as by a transaction that is still open, needn't be waited for.
/// </para>
/// </remarks>
/// <param name="Look">The look.</param>
/// <param name="Before">The LSN.</param>
/// <param name="VisibleBefore">The LSN before which everything is that the snapshot sees.</param>
internal sealed record LookTarget(TakenLook Look, Lsn Before, Lsn VisibleBefore)
{
    /// <param name="look">The look.</param>
    /// <param name="last">The target of another look. Null if there was none.</param>
    public static LookTarget Of(TakenLook look, LookTarget? last)
    {
        var (floor, end) = (look.Layout.EndBefore(look.Look.Floor), look.Layout.EndBefore(look.Look.End));
        if (last is not null && IsSame(look, last.Look) && last.VisibleBefore < end)
            end = last.VisibleBefore;
        return new LookTarget(look, floor < end ? floor : end, end);
    }

    private static bool IsSame(TakenLook one, TakenLook other) =>
        one.Generation == other.Generation
        && one.Server == other.Server
        && string.Equals(one.Look.Snapshot, other.Look.Snapshot, StringComparison.Ordinal);
}
