namespace Strangler.Evidence.Gates;

/// <summary>The evidence that a gate needs. It is kept with every promotion that is based on it.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Rules">The hash of the comparison rules.</param>
/// <param name="Sampled">Sampled requests.</param>
/// <param name="Compared">Compared requests.</param>
/// <param name="Wrong">Parts that were wrong.</param>
/// <param name="WrongAt">The general paths at which they were.</param>
/// <param name="Matches">Distinct versions of keys that had a document when they matched, and were never wrong.</param>
/// <param name="WrongVersions">Distinct versions that were wrong.</param>
/// <param name="Keys">Distinct keys that matched with a document.</param>
/// <param name="Unproven">Keys compared repeatedly without a match.</param>
/// <param name="UnprovenShare">Their share of the sampled requests.</param>
/// <param name="UnprovenKeys">The first of them.</param>
/// <param name="MatchesPerHour">
/// Distinct matches per hour, based on the last hour; null: nothing was compared in it.
/// </param>
/// <param name="Elsewhere">Whether other scopes of the route have evidence.</param>
internal sealed record EvidenceSummary(
    string Projection,
    string Version,
    string Rules,
    long Sampled,
    long Compared,
    long Wrong,
    IReadOnlyList<string> WrongAt,
    long Matches,
    long WrongVersions,
    long Keys,
    long Unproven,
    double UnprovenShare,
    IReadOnlyList<string> UnprovenKeys,
    double? MatchesPerHour,
    bool Elsewhere
)
{
    /// <summary>Of the parts that were wrong, those whose fault is dismissed.</summary>
    public long Dismissed { get; init; }

    /// <summary>The dismissed faults by which they were.</summary>
    public long DismissedFaults { get; init; }

    /// <summary>Parts that were wrong and are held against the gate.</summary>
    public long WrongHeld => Wrong - Dismissed;

    /// <summary>
    /// Distinct versions that are held against it: none only if the fault of each wrong part is dismissed.
    /// </summary>
    public long WrongVersionsHeld => Dismissed > 0 && WrongHeld == 0 ? 0 : WrongVersions;

    /// <summary>Distinct keys whose every match means that neither side knows them.</summary>
    public long AbsentKeys { get; init; }

    /// <summary>Requests in shadow that the lookup would answer, sampled or not.</summary>
    public long Answerable { get; init; }

    /// <summary>Of these, requests with credentials.</summary>
    public long WithCredentials { get; init; }

    /// <summary>The headers that carried them, most requests first.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Of these, requests that legacy answered with 401 or 403.</summary>
    public long Refused { get; init; }

    /// <summary>Answers whose headers were compared with the lookup's.</summary>
    public long HeadersCompared { get; init; }

    /// <summary>Headers that legacy sends and the lookup doesn't, with the number of answers, highest first.</summary>
    public IReadOnlyList<HeaderCount> HeadersMissing { get; init; } = [];

    /// <summary>Headers that both send with different values, or that only the lookup sends.</summary>
    public IReadOnlyList<HeaderCount> HeadersUnlike { get; init; } = [];

    /// <summary>Comparisons that couldn't be stored: their results are unknown.</summary>
    public long Lost { get; init; }

    /// <summary>Samples that couldn't be stored, so that their keys are unknown.</summary>
    public long LostSamples { get; init; }

    /// <summary>The lost share of comparisons or of samples, whichever is greater.</summary>
    public double LostShare => Math.Max(Share(Lost, Compared), Share(LostSamples, Sampled));

    /// <summary>How often sampled requests named a key. A request that names two counts twice.</summary>
    public long Named { get; init; }

    /// <summary>How often they named a key that has matched.</summary>
    public long Covered { get; init; }

    /// <summary>Keys that they named once.</summary>
    public long KeysOnce { get; init; }

    /// <summary>The share of the sampled requests whose key has matched. 0 if there were none.</summary>
    public double Coverage => Named == 0 ? 0 : (double)Covered / Named;

    /// <summary>How large the share of requests to come for keys that were never seen may be, at 95 %.</summary>
    public double Unseen => UnseenMass.Upper(KeysOnce, Named);

    /// <summary>Parts that have a verdict, without those for which the projection asks legacy.</summary>
    public long Parts { get; init; }

    /// <summary>Of these, parts that are torn, incomparable or undetermined.</summary>
    public long Unclear { get; init; }

    /// <summary>Their share. 0 if there are none.</summary>
    public double UnclearShare => Parts == 0 ? 0 : (double)Unclear / Parts;

    /// <summary>How long the route has been compared with this evidence.</summary>
    public TimeSpan InStage { get; init; }

    /// <summary>How old the documents are. Null if that isn't known.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>A header in lower case, and the number of answers.</summary>
    internal sealed record HeaderCount(string Name, long Count);

    private static double Share(long lost, long kept) => lost == 0 ? 0 : (double)lost / (lost + kept);
}
