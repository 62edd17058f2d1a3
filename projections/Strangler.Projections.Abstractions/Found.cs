using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>What a look-up found for one key.</summary>
public abstract record Found
{
    private Found() { }

    /// <summary>A document, current at the watermark.</summary>
    /// <param name="Bytes">As they are sent.</param>
    /// <param name="Touched">The last commit that mapped to the key.</param>
    /// <param name="RecomputeAt">The time from which it is a miss, by the projections' clock.</param>
    public sealed record Document(ReadOnlyMemory<byte> Bytes, Position Touched, DateTimeOffset? RecomputeAt) : Found;

    /// <summary>The key has no document, and that is the answer: legacy's 404.</summary>
    public sealed record Absent : Found
    {
        public static readonly Absent Value = new();
    }

    /// <summary>The key can't be answered from here: the call graph must be asked.</summary>
    public sealed record Miss(MissReason Reason) : Found
    {
        /// <summary>The projection's reason, for <see cref="MissReason.AskLegacy"/>; null otherwise.</summary>
        public string? LegacyReason { get; init; }
    }
}
