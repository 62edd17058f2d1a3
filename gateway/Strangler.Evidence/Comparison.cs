using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence;

/// <summary>One sampled request and everything found about it.</summary>
/// <param name="Scope">What the evidence is about.</param>
/// <param name="At">When legacy's answer ended, by the gateway's clock.</param>
/// <param name="Request">The request line as received, bounded: method, path and query.</param>
/// <param name="Parts">The verdicts, one per part; at least one.</param>
/// <param name="LegacyDuration">From the request's head to the answer's last byte.</param>
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
    /// <summary>The request's keys, each once.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// How the answers differ in headers that no rule compares; null: no two answers with one status exist.
    /// </summary>
    public IReadOnlyList<HeaderDifference>? Headers { get; init; }
}

/// <summary>What evidence is about: a change to any of these starts over.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">The projection's version.</param>
/// <param name="Rules">The hash of the comparison rules.</param>
internal readonly record struct EvidenceScope(string Route, string Projection, string Version, string Rules);

/// <summary>
/// Why a request was not compared. It is counted, and its client notices nothing. All but <see cref="Undeclared"/> are
/// about sampled requests.
/// </summary>
internal enum DropReason
{
    /// <summary>More per second than the route compares.</summary>
    PerSecond,

    /// <summary>More concurrent comparisons than the gateway allows.</summary>
    QueueFull,

    /// <summary>The answers that are held exceed the gateway's memory limit.</summary>
    Memory,

    /// <summary>
    /// The request has an input that the route doesn't declare, so it is not even sampled: the lookup wouldn't answer
    /// it.
    /// </summary>
    Undeclared,

    /// <summary>The last look at the source is too old to tell where the bracket begins.</summary>
    NoSight,

    /// <summary>Its answer had not ended after five minutes.</summary>
    TooLong,

    /// <summary>The gateway stopped before it was compared.</summary>
    Ended,
}
