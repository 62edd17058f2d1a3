using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence;

/// <summary>One sampled request and everything found about it.</summary>
/// <param name="Scope">What the evidence is about.</param>
/// <param name="At">When legacy's answer ended, by the gateway's clock.</param>
/// <param name="Request">The request line as received, bounded: method, path and query.</param>
/// <param name="Parts">The verdicts, one per part; at least one.</param>
/// <param name="LegacyDuration">
/// From the request's head, or from when legacy was asked, to the answer's last byte.
/// </param>
/// <param name="LookupDuration">
/// How long a concurrent look-up of the same request took; null if it didn't answer.
/// </param>
/// <param name="LookupMiss">
/// Why the look-up would have asked the call graph; null if it answered. The reason's text, as in the admin API.
/// </param>
/// <param name="Late">How long after legacy's answer the documents passed the bracket; null if unknown.</param>
internal sealed record Comparison(
    EvidenceScope Scope,
    DateTimeOffset At,
    string Request,
    IReadOnlyList<PartVerdict> Parts,
    TimeSpan LegacyDuration,
    TimeSpan? LookupDuration,
    string? LookupMiss,
    TimeSpan? Late
)
{
    /// <summary>Why it was compared.</summary>
    public Occasion Occasion { get; init; }

    /// <summary>The projection's reason if the look-up would ask legacy because it says so; null otherwise.</summary>
    public string? LegacyReason { get; init; }

    /// <summary>Everything that the lookup reads of the request, as one text; null: unknown.</summary>
    public string? Inputs { get; init; }

    /// <summary>
    /// A random number of which the ids of its examples are made, so that others know them; null: the writer draws.
    /// </summary>
    public ulong? Draw { get; init; }

    /// <summary>The request's keys, each once.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// How the answers differ in headers that no rule compares; null: no two answers with one status exist.
    /// </summary>
    public IReadOnlyList<HeaderDifference>? Headers { get; init; }
}
