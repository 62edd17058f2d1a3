using Strangler.Evidence.Reports;

namespace Strangler.Gateway.Admin;

/// <summary>A route, its stage, and who answered it since the gateway started.</summary>
/// <param name="Route">Its id in YARP.</param>
/// <param name="Path">Its template.</param>
/// <param name="Projection">The projection that can answer it. Null if none can.</param>
/// <param name="Stage">The stage in which this gateway serves it.</param>
/// <param name="StoredStage">The stage in the store. Null if not read yet.</param>
/// <param name="ConfiguredStage">The stage in which the configuration lets it begin.</param>
/// <param name="Version">Increases with each change.</param>
/// <param name="Lookup">Requests that the lookup answered.</param>
/// <param name="Legacy">Requests that the call graph answered.</param>
/// <param name="Refused">Requests that got 503 from the load guard.</param>
/// <param name="Reasons">Why the call graph was asked, with counts.</param>
public sealed record RouteReport(
    string Route,
    string Path,
    string? Projection,
    string Stage,
    string? StoredStage,
    string ConfiguredStage,
    int? Version,
    DateTimeOffset? ChangedAt,
    string? Who,
    string? Why,
    long Lookup,
    long Legacy,
    long Refused,
    IReadOnlyDictionary<string, long> Reasons
)
{
    /// <summary>The route's guard. Null: this gateway hasn't looked yet.</summary>
    public GuardReport? Guard { get; init; }

    /// <summary>A note on the change of stage that was made. Null if there is none.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Why the lookup answers nothing from its projection now, one sentence each with its way out. Empty if it may
    /// answer.
    /// </summary>
    public IReadOnlyList<string> ProjectionTroubles { get; init; } = [];
}
