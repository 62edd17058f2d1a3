namespace Strangler.Projections.Declaring;

/// <summary>f's result for a key, in bytes.</summary>
/// <param name="Bytes">The document as it is sent; null if absent.</param>
/// <param name="RecomputeAt">When it changes by itself; null if never.</param>
internal sealed record ComputedDocument(byte[]? Bytes, DateTimeOffset? RecomputeAt)
{
    /// <summary>Why legacy must be asked; null: f knows the answer.</summary>
    public string? LegacyReason { get; init; }
}
