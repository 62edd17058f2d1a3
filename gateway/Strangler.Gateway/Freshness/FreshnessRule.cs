using Strangler.ChangeLog;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Freshness;

/// <summary>Decides what documents must have so that a look's promise is kept.</summary>
internal static class FreshnessRule
{
    /// <summary>
    /// Rows say nothing of a table that was altered without row events, so the catalogue must have been found in order
    /// by a look of the bridge that sees every transaction that the gateway's look sees; and what the log had when the
    /// tables were as in that catalogue must be applied.
    /// </summary>
    /// <param name="target">The gateway's look.</param>
    /// <param name="catalogue">The bridge's last look. Null if none was heard of.</param>
    /// <returns>Null if the catalogue must be looked at again.</returns>
    public static FreshnessRequirement? Of(LookTarget target, CatalogueLook? catalogue) =>
        catalogue is not null
        && catalogue.Server == target.Look.Server
        && SourceSnapshot.Parse(catalogue.Snapshot) is { } seen
        && SourceSnapshot.Parse(target.Look.Look.Snapshot) is { } wanted
        && seen.SeesAllOf(wanted)
            ? new FreshnessRequirement(target.Before, catalogue.Through, catalogue.Server)
            : null;

    /// <summary>
    /// Whether a look is of a source that has less than the documents had before it was sent: that is another history.
    /// </summary>
    public static bool IsBehind(LookTarget target, Position? applied) =>
        applied is { } before && target.Look.Look.End < before.Commit;
}
