namespace Strangler.Evidence.Gates;

/// <summary>What a gate asks of evidence. It is kept with every promotion that it was decided on.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Rules">The hash of the comparison rules.</param>
/// <param name="Sampled">Sampled requests.</param>
/// <param name="Compared">Compared requests.</param>
/// <param name="Wrong">Parts that were wrong.</param>
/// <param name="WrongAt">At which general paths.</param>
/// <param name="Matches">Distinct versions of keys that had a document when they matched, and were never wrong.</param>
/// <param name="WrongVersions">Distinct versions that were wrong.</param>
/// <param name="Keys">Distinct keys that matched with a document.</param>
/// <param name="Unproven">Keys compared again and again without a match.</param>
/// <param name="UnprovenShare">Their share of the sampled requests.</param>
/// <param name="UnprovenKeys">The first of them.</param>
/// <param name="MatchesPerHour">Distinct matches an hour, by the last hour; null: nothing was compared in it.</param>
/// <param name="Elsewhere">Other scopes of the route hold evidence.</param>
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
    /// <summary>Distinct keys of which every match was that neither side knows them.</summary>
    public long AbsentKeys { get; init; }

    /// <summary>Requests in shadow that the lookup would answer, sampled or not.</summary>
    public long Answerable { get; init; }

    /// <summary>Those among them that brought credentials.</summary>
    public long WithCredentials { get; init; }

    /// <summary>By which headers, those of most requests first.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Those that legacy answered with 401 or 403.</summary>
    public long Refused { get; init; }

    /// <summary>Answers whose headers were compared with the lookup's.</summary>
    public long HeadersCompared { get; init; }

    /// <summary>Headers that legacy sends and the lookup doesn't, with how many answers, most first.</summary>
    public IReadOnlyList<HeaderCount> HeadersMissing { get; init; } = [];

    /// <summary>Headers that both send with other values, or only the lookup.</summary>
    public IReadOnlyList<HeaderCount> HeadersUnlike { get; init; } = [];

    /// <summary>Comparisons that were made and could not be kept: nobody knows what they found.</summary>
    public long Lost { get; init; }

    /// <summary>Samples that could not be kept, so that their keys are not known.</summary>
    public long LostSamples { get; init; }

    /// <summary>The lost share of comparisons or of samples, whichever is greater.</summary>
    public double LostShare => Math.Max(Share(Lost, Compared), Share(LostSamples, Sampled));

    /// <summary>A header in small letters, and in how many answers.</summary>
    internal sealed record HeaderCount(string Name, long Count);

    private static double Share(long lost, long kept) => lost == 0 ? 0 : (double)lost / (lost + kept);
}
