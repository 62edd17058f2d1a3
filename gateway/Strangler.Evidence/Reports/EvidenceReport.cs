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
    /// <summary>Who asked, and whom legacy refused.</summary>
    public AccessReport Access { get; init; } = AccessReport.None;

    /// <summary>How answers differ in headers that no rule compares or ignores.</summary>
    public HeadersReport Headers { get; init; } = HeadersReport.None;

    /// <summary>
    /// Why the lookup currently answers nothing of the projection, one sentence each with its way out; empty: it may
    /// answer.
    /// </summary>
    public IReadOnlyList<string> ProjectionTroubles { get; init; } = [];
}

/// <summary>Who asked in shadow, sampled or not, and whom legacy refused. A lookup doesn't check who asks.</summary>
/// <param name="Anonymous">Whether the route is declared anonymous: everybody may see its answers.</param>
/// <param name="Requests">Requests that the lookup would answer.</param>
/// <param name="WithCredentials">Of these, requests with credentials.</param>
/// <param name="Credentials">By header; a request may have several.</param>
/// <param name="Refused">Requests that legacy answered with 401 or 403.</param>
public sealed record AccessReport(
    bool Anonymous,
    long Requests,
    long WithCredentials,
    IReadOnlyList<CountLine> Credentials,
    IReadOnlyList<CountLine> Refused
)
{
    public static readonly AccessReport None = new(false, 0, 0, [], []);
}

/// <summary>Headers that no rule compares or ignores, and that differ between two answers with one status.</summary>
/// <param name="Compared">Answers whose headers were compared.</param>
/// <param name="Lines">The different headers: first those that legacy sends and the lookup doesn't.</param>
public sealed record HeadersReport(long Compared, IReadOnlyList<HeaderLine> Lines)
{
    public static readonly HeadersReport None = new(0, []);
}

/// <summary>How a header differs. Its values are not kept.</summary>
/// <param name="Name">In lower case; <c>(more)</c> sums up everything after the first two hundred.</param>
/// <param name="Kind">
/// <c>missing</c>: legacy sends it and the lookup doesn't; <c>extra</c>: only the lookup does; <c>value</c>: both do,
/// with different values.
/// </param>
/// <param name="Count">The number of answers.</param>
/// <param name="Share">Their share of the compared answers.</param>
public sealed record HeaderLine(
    string Name,
    string Kind,
    long Count,
    double Share,
    DateTimeOffset First,
    DateTimeOffset Last
);

/// <summary>A name and its count.</summary>
/// <param name="Name">A header in lower case, or a status.</param>
public sealed record CountLine(string Name, long Count);

/// <summary>What evidence is about. A change of projection, version or rules starts it over.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">Its version, in hexadecimal.</param>
/// <param name="Rules">The hash of the comparison rules, in hexadecimal.</param>
/// <param name="Since">The first sample; null: no evidence exists yet.</param>
/// <param name="Last">The last sample.</param>
public sealed record ScopeReport(
    string Projection,
    string Version,
    string Rules,
    DateTimeOffset? Since,
    DateTimeOffset? Last
);

/// <summary>A reason, its count, and its meaning.</summary>
/// <param name="Reason">As written everywhere: <c>watermark-late</c>.</param>
/// <param name="Count">How often.</param>
/// <param name="Meaning">A sentence.</param>
public sealed record ReasonCount(string Reason, long Count, string Meaning);

/// <summary>Sampled requests and what happened to them, and requests that couldn't be sampled.</summary>
/// <param name="Sampled">All sampled requests.</param>
/// <param name="Compared">Those with a comparison, whatever its result.</param>
/// <param name="Dropped">Those without a comparison.</param>
/// <param name="DroppedBy">The reasons.</param>
/// <param name="Lost">
/// Those whose comparison couldn't be stored; no other figure includes them. The rest of the sampled requests are under
/// way, or were lost with a gateway that was killed.
/// </param>
/// <param name="NotSampled">
/// Requests that were not sampled because the lookup wouldn't answer them. Requests outside of the route's share are
/// not counted.
/// </param>
/// <param name="NotSampledBy">The reasons.</param>
public sealed record RequestsReport(
    long Sampled,
    long Compared,
    long Dropped,
    IReadOnlyList<ReasonCount> DroppedBy,
    long Lost,
    long NotSampled,
    IReadOnlyList<ReasonCount> NotSampledBy
);

/// <summary>Verdicts, one for each part of an answer.</summary>
/// <param name="Total">All parts.</param>
/// <param name="MatchQuiet">Equal, and nothing that the key reads changed during the call.</param>
/// <param name="MatchWithCommit">Equal to one of the moments of a bracket in which something changed.</param>
/// <param name="Wrong">Proven to differ.</param>
/// <param name="Torn">Legacy read at several moments.</param>
/// <param name="Incomparable">Legacy gave nothing to compare.</param>
/// <param name="Undetermined">Nothing can be said.</param>
/// <param name="UnclearShare">
/// Torn, incomparable and undetermined as a share of all, from 0 to 1; 0 without verdicts.
/// </param>
/// <param name="WrongBy">Whose fault it is.</param>
/// <param name="TornBy">One reason, if there are any.</param>
/// <param name="IncomparableBy">The reasons.</param>
/// <param name="UndeterminedBy">The reasons.</param>
public sealed record VerdictsReport(
    long Total,
    long MatchQuiet,
    long MatchWithCommit,
    long Wrong,
    long Torn,
    long Incomparable,
    long Undetermined,
    double UnclearShare,
    IReadOnlyList<ReasonCount> WrongBy,
    IReadOnlyList<ReasonCount> TornBy,
    IReadOnlyList<ReasonCount> IncomparableBy,
    IReadOnlyList<ReasonCount> UndeterminedBy
);

/// <summary>Verdicts in a span of time.</summary>
/// <param name="At">Its start.</param>
/// <param name="Seconds">Its length: 60, or 3,600 once it is older than a day.</param>
/// <param name="Match">Parts that matched.</param>
public sealed record VerdictSpan(
    DateTimeOffset At,
    int Seconds,
    long Match,
    long Wrong,
    long Torn,
    long Incomparable,
    long Undetermined
);
