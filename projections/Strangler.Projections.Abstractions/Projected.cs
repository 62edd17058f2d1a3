namespace Strangler.Projections;

/// <summary>
/// What f makes of a key: a document, or none (the key is absent, and legacy would say so too), and when the answer
/// changes by itself.
/// </summary>
/// <param name="Document">The document; null: absent.</param>
/// <param name="RecomputeAt">
/// The first time after <c>now</c> at which f would answer otherwise though no row had changed: an offer goes stale, a
/// cap's period ends. Null: never. It may be too early, never too late.
/// </param>
public readonly record struct Projected<TDocument>(TDocument? Document, DateTimeOffset? RecomputeAt = null)
    where TDocument : class
{
    public static Projected<TDocument> Absent => default;
}
