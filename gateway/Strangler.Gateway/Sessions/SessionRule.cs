using Strangler.ChangeLog;
using Strangler.Evidence;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Shadowing;

namespace Strangler.Gateway.Sessions;

/// <summary>Decides what documents must have so that a caller sees what they have seen.</summary>
internal static class SessionRule
{
    /// <summary>How far the clocks of two gateways may differ.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(5);

    /// <param name="token">What the caller has seen.</param>
    /// <param name="source">The source of the route's projection.</param>
    /// <param name="applied">What the projection is known to have.</param>
    /// <param name="head">The end of the source's log, as last looked at. Null if it isn't known.</param>
    /// <param name="now">This gateway's clock.</param>
    /// <param name="maxStaleness">How old the route's documents may be.</param>
    public static SessionNeed Of(
        SessionToken token,
        string source,
        Position applied,
        Lsn? head,
        DateTimeOffset now,
        TimeSpan maxStaleness
    )
    {
        if (token.UnknownSince is { } since && now - since < maxStaleness + MaxSkew)
            return new SessionNeed.Legacy(CallGraphReason.PositionUnknown);
        if (token.Seen is not { } seen)
            return SessionNeed.AnyDocument.Value;
        if (!seen.IsOf(source, applied.Epoch))
            return SessionNeed.Look.Value;
        var required = Through(seen.Before, applied.Epoch, server: null);
        return required.IsMetBy(applied) || seen.Before <= head
            ? new SessionNeed.Documents(required)
            : SessionNeed.Look.Value;
    }

    /// <summary>After a look for a position that was beyond what was known, or couldn't be compared.</summary>
    /// <param name="token">What the caller has seen.</param>
    /// <param name="source">The source of the route's projection.</param>
    /// <param name="applied">What the projection is known to have.</param>
    /// <param name="look">The look, which was sent after the request arrived.</param>
    /// <param name="before">What it asks for.</param>
    /// <returns>Null if the source has less than the caller has seen: that is another history.</returns>
    public static FreshnessRequirement? After(
        SessionToken token,
        string source,
        Position applied,
        TakenLook look,
        Lsn before
    ) =>
        token.Seen is not { } seen || !seen.IsOf(source, applied.Epoch) ? Through(before, applied.Epoch, look.Server)
        : seen.Before <= look.Look.End ? Through(seen.Before, applied.Epoch, server: null)
        : null;

    private static FreshnessRequirement Through(Lsn before, int epoch, string? server) =>
        new(before, Position.EndOf(epoch, before.JustBefore), server);
}
