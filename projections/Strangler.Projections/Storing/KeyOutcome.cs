namespace Strangler.Projections.Storing;

/// <summary>The outcome of computing a key.</summary>
internal abstract record KeyOutcome(string Key)
{
    /// <summary>f answered, or no row names the key. <paramref name="Bytes"/> is null if the key is absent.</summary>
    public sealed record Made(string Key, byte[]? Bytes, DateTimeOffset? RecomputeAt) : KeyOutcome(Key)
    {
        /// <summary>Why legacy must be asked, which isn't an absent key; null: f knows the answer.</summary>
        public string? LegacyReason { get; init; }
    }

    /// <summary>f threw, or broke its contract.</summary>
    /// <param name="Error">What it threw.</param>
    /// <param name="Rows">The rows that it received, as JSON.</param>
    public sealed record Failed(string Key, string Error, string Rows) : KeyOutcome(Key);
}
