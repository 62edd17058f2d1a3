namespace Strangler.Evidence.Reports;

/// <summary>Everything known about how a route's lookup compares with its call graph, within one scope.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Path">The template of its path.</param>
/// <param name="Stage">The current stage: <c>legacy</c>, <c>shadow</c> or <c>lookup</c>.</param>
/// <param name="StageSince">Since when; null: the store hasn't been read.</param>
/// <param name="Scope">What the evidence is about.</param>
/// <param name="EarlierScopes">
/// Evidence of other versions or rules that is still kept, newest first; it no longer counts.
/// </param>
/// <param name="Requests">Sampled requests, what happened to them, and requests that were not sampled.</param>
/// <param name="Verdicts">Verdicts, one for each part of an answer.</param>
/// <param name="Keys">Distinct keys.</param>
/// <param name="Versions">Distinct versions of keys: a key between two commits that map to it.</param>
/// <param name="Bound">How high the mismatch rate may be.</param>
/// <param name="Differences">
/// Differences of <c>wrong</c> parts by general path and kind, the most severe and frequent first.
/// </param>
/// <param name="Ignored">What the route's rules ignored.</param>
/// <param name="Noise">Where two answers of legacy differ from each other.</param>
/// <param name="Misses">Why the lookup would have asked the call graph.</param>
/// <param name="Latency">How long each side takes.</param>
/// <param name="OverTime">
/// Verdicts by minute and, further back, by hour; oldest first. Empty spans are left out.
/// </param>
/// <param name="Gate">Whether the route may change to <c>lookup</c>, and what is missing.</param>
/// <param name="Examples">
/// Examples of differences: one of each line before the second of any, longest kept first.
/// </param>
public sealed record EvidenceReport(
    string Route,
    string Path,
    string Stage,
    DateTimeOffset? StageSince,
    ScopeReport Scope,
    IReadOnlyList<ScopeReport> EarlierScopes,
    RequestsReport Requests,
    VerdictsReport Verdicts,
    KeysReport Keys,
    VersionsReport Versions,
    BoundReport Bound,
    IReadOnlyList<DifferenceLine> Differences,
    IReadOnlyList<IgnoredLine> Ignored,
    IReadOnlyList<NoiseLine> Noise,
    IReadOnlyList<ReasonCount> Misses,
    LatencyReport Latency,
    IReadOnlyList<VerdictSpan> OverTime,
    GateReport Gate,
    IReadOnlyList<ExampleReport> Examples
)
{
    /// <summary>
    /// The projection's own reasons to ask legacy for compared requests: it said that it doesn't know the answer.
    /// </summary>
    public IReadOnlyList<ReasonCount> AskLegacy { get; init; } = [];

    /// <summary>Who asked, and whom legacy refused.</summary>
    public AccessReport Access { get; init; } = AccessReport.None;

    /// <summary>How answers differ in headers that no rule compares or ignores.</summary>
    public HeadersReport Headers { get; init; } = HeadersReport.None;

    /// <summary>Dismissed faults of the route, newest first, also those of other scopes.</summary>
    public IReadOnlyList<DismissalReport> Dismissals { get; init; } = [];

    /// <summary>Requests that the lookup answered, and that were compared nevertheless.</summary>
    public RecheckReport Recheck { get; init; } = RecheckReport.None;

    /// <summary>Requests that the lookup couldn't answer and that legacy wasn't asked, to protect it.</summary>
    public FallbackReport Fallback { get; init; } = FallbackReport.None;

    /// <summary>What the route's promise about the age of answers costs; null: it costs nothing.</summary>
    public FreshnessReport? Freshness { get; init; }

    /// <summary>What points to a dependency that nobody declared; null: nothing does.</summary>
    public UndeclaredReport? Undeclared { get; init; }

    /// <summary>The route's guard, as this gateway sees it; null: it hasn't looked yet.</summary>
    public GuardReport? Guard { get; init; }

    /// <summary>
    /// Why the lookup currently answers nothing of the projection, one sentence each with its way out; empty: it may
    /// answer.
    /// </summary>
    public IReadOnlyList<string> ProjectionTroubles { get; init; } = [];
}
