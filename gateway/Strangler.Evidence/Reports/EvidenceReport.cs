namespace Strangler.Evidence.Reports;

/// <summary>All that is known of how a route's lookup compares with its call graph, within one scope.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Path">The template of its path.</param>
/// <param name="Stage">The stage in which it is: <c>legacy</c>, <c>shadow</c> or <c>lookup</c>.</param>
/// <param name="StageSince">Since when; null: the store has not been read.</param>
/// <param name="Scope">What the evidence is of.</param>
/// <param name="EarlierScopes">
/// Evidence of other versions or rules that is still kept, newest first; it counts for nothing now.
/// </param>
/// <param name="Requests">Requests that were sampled, what became of them, and those that were not.</param>
/// <param name="Verdicts">Verdicts, one for each part of an answer.</param>
/// <param name="Keys">Distinct keys.</param>
/// <param name="Versions">Distinct versions of keys: a key between two commits that map to it.</param>
/// <param name="Bound">How high the mismatch rate may be.</param>
/// <param name="Differences">
/// Differences of <c>wrong</c> parts by general path and kind, the gravest and most frequent first.
/// </param>
/// <param name="Ignored">What the route's rules let pass.</param>
/// <param name="Noise">Where two answers of legacy differ from each other.</param>
/// <param name="Misses">Why the lookup would have asked the call graph.</param>
/// <param name="Latency">How long each side takes.</param>
/// <param name="OverTime">
/// Verdicts by minutes and, further back, by hours; oldest first. Empty spans are left out.
/// </param>
/// <param name="Gate">Whether the route may go to <c>lookup</c>, and what is missing.</param>
/// <param name="Examples">
/// Differences to look at: one of each line before the second of any, those that stay longest first.
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
    /// Why the lookup answers nothing of the projection now, a sentence each with its way out; empty: it may answer.
    /// </summary>
    public IReadOnlyList<string> ProjectionTroubles { get; init; } = [];
}

/// <summary>Who asked in shadow, sampled or not, and whom legacy refused. A lookup doesn't look who asks.</summary>
/// <param name="Anonymous">The route is declared so: everybody may see its answers.</param>
/// <param name="Requests">Requests that the lookup would answer.</param>
/// <param name="WithCredentials">Those that brought credentials.</param>
/// <param name="Credentials">By which headers; a request may bring several.</param>
/// <param name="Refused">Those that legacy answered with 401 or 403.</param>
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

/// <summary>Headers that no rule compares or ignores, and that differ between two answers of one status.</summary>
/// <param name="Compared">Answers whose headers were compared.</param>
/// <param name="Lines">The differing ones: those first that legacy sends and the lookup doesn't.</param>
public sealed record HeadersReport(long Compared, IReadOnlyList<HeaderLine> Lines)
{
    public static readonly HeadersReport None = new(0, []);
}

/// <summary>How a header differs. Its values are not kept.</summary>
/// <param name="Name">In small letters; <c>(more)</c> sums up what came after the first two hundred.</param>
/// <param name="Kind">
/// <c>missing</c>: legacy sends it and the lookup doesn't; <c>extra</c>: only the lookup does; <c>value</c>: both do,
/// with other values.
/// </param>
/// <param name="Count">In how many answers.</param>
/// <param name="Share">As a share of those compared.</param>
public sealed record HeaderLine(
    string Name,
    string Kind,
    long Count,
    double Share,
    DateTimeOffset First,
    DateTimeOffset Last
);

/// <summary>A name and how often.</summary>
/// <param name="Name">A header in small letters, or a status.</param>
public sealed record CountLine(string Name, long Count);

/// <summary>What evidence is of. A change of projection, version or rules starts it over.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">Its version, in hexadecimal.</param>
/// <param name="Rules">The hash of the comparison rules, in hexadecimal.</param>
/// <param name="Since">The first sample; null: there is no evidence yet.</param>
/// <param name="Last">The last.</param>
public sealed record ScopeReport(
    string Projection,
    string Version,
    string Rules,
    DateTimeOffset? Since,
    DateTimeOffset? Last
);

/// <summary>A reason, how often, and what it means.</summary>
/// <param name="Reason">As it is written everywhere: <c>watermark-late</c>.</param>
/// <param name="Count">How often.</param>
/// <param name="Meaning">A sentence.</param>
public sealed record ReasonCount(string Reason, long Count, string Meaning);

/// <summary>Requests that were sampled, and what became of them; and those that could not be.</summary>
/// <param name="Sampled">All that were sampled.</param>
/// <param name="Compared">Those that a comparison was made of, whatever it found.</param>
/// <param name="Dropped">Those of which none was made.</param>
/// <param name="DroppedBy">And why.</param>
/// <param name="Lost">
/// Those whose comparison could not be kept; they are in no other figure. What is left of the sampled ones is under
/// way, or went with a gateway that was killed.
/// </param>
/// <param name="NotSampled">
/// Requests that were not sampled, since the lookup would not answer them. Those outside of the route's share are not
/// counted.
/// </param>
/// <param name="NotSampledBy">And why.</param>
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
/// <param name="Torn">Legacy had read at several moments.</param>
/// <param name="Incomparable">Legacy gave nothing that can be compared.</param>
/// <param name="Undetermined">Nothing can be said.</param>
/// <param name="UnclearShare">Torn, incomparable and undetermined as a share of all, from 0 to 1; 0 of nothing.</param>
/// <param name="WrongBy">Whose fault it is.</param>
/// <param name="TornBy">One reason, where there is any.</param>
/// <param name="IncomparableBy">Why.</param>
/// <param name="UndeterminedBy">Why.</param>
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
/// <param name="At">Its beginning.</param>
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
