using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence;

/// <summary>One sampled request and all that was found of it.</summary>
/// <param name="Scope">What the evidence is of.</param>
/// <param name="At">When legacy's answer had ended, by the gateway's clock.</param>
/// <param name="Request">The request line, as it came and bounded: method, path and query.</param>
/// <param name="Parts">The verdicts, one a part; at least one.</param>
/// <param name="LegacyDuration">From the request's head to the answer's last byte.</param>
/// <param name="LookupDuration">
/// What a look-up of the same request took at the same time; null where it did not answer.
/// </param>
/// <param name="LookupMiss">
/// Why the look-up would have asked the call graph; null where it answered. The reason's text, as in the admin API.
/// </param>
/// <param name="Late">
/// How long after legacy's answer the documents had passed the bracket; null where it is not known.
/// </param>
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
    /// <summary>The request's keys, each once.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// How the answers differ in headers that no rule compares; null: there were no two answers of one status.
    /// </summary>
    public IReadOnlyList<HeaderDifference>? Headers { get; init; }
}

/// <summary>What evidence is of: a change of any of these starts over.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">The projection's version.</param>
/// <param name="Rules">The hash of the comparison rules.</param>
internal readonly record struct EvidenceScope(string Route, string Projection, string Version, string Rules);

/// <summary>
/// Why a request was not compared. It is counted, and its client noticed nothing. All but <see cref="Undeclared"/> are
/// of requests that were sampled.
/// </summary>
internal enum DropReason
{
    /// <summary>More a second than the route compares.</summary>
    PerSecond,

    /// <summary>More comparisons at once than the gateway does.</summary>
    QueueFull,

    /// <summary>More bytes of answers are being held than the gateway holds.</summary>
    Memory,

    /// <summary>
    /// The request has an input that the route does not declare, so that it is not even sampled: the lookup would not
    /// answer it.
    /// </summary>
    Undeclared,

    /// <summary>The source has not been looked at lately enough to know where the bracket begins.</summary>
    NoSight,

    /// <summary>Its answer had not ended after five minutes.</summary>
    TooLong,

    /// <summary>The gateway ended before it was compared.</summary>
    Ended,
}
