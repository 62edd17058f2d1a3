namespace Strangler.Projections;

/// <summary>
/// f's result for a key: a document, or none (the key is absent, and legacy would say so too), or that legacy must be
/// asked; and when the answer changes by itself.
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

    /// <summary>Why legacy must be asked for the key; null: the projection knows the answer.</summary>
    public string? LegacyReason { get; private init; }

    /// <summary>
    /// The projection doesn't know the answer for this key, so legacy gives it. That is neither a document nor an
    /// absent key: nothing is served, and comparing leaves the key out.
    /// </summary>
    /// <param name="reason">
    /// A few fixed words, by which such requests are counted: at most 64 characters, and no part of a key.
    /// </param>
    /// <param name="recomputeAt">
    /// The first time after <c>now</c> at which f may know it; null: until a row changes.
    /// </param>
    public static Projected<TDocument> AskLegacy(string reason, DateTimeOffset? recomputeAt = null) =>
        new(null, recomputeAt) { LegacyReason = LegacyReasonText.Of(reason) };
}
