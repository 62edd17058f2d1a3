namespace Strangler.Projections;

/// <summary>
/// f's result for a key: a document, or none (the key is absent, and legacy would say so too), and when the answer
/// changes by itself.
/// </summary>
/// <param name="Document">The document; null if absent.</param>
/// <param name="RecomputeAt">
/// The first time after <c>now</c> at which f's answer would change although no row has: an offer goes stale, a cap's
/// period ends. Null if never. It may be too early, but never too late.
/// </param>
public readonly record struct Projected<TDocument>(TDocument? Document, DateTimeOffset? RecomputeAt = null)
    where TDocument : class
{
    public static Projected<TDocument> Absent => default;
}
