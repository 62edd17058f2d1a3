using Strangler.ChangeLog;

namespace Strangler.Projections.Answering;

/// <summary>The state of a key in the store.</summary>
/// <param name="Bytes">Its document; null if absent or never computed.</param>
/// <param name="Touched">The last commit that mapped to it; null if the store has no row for it.</param>
/// <param name="RecomputeAt">When the stored answer changes by itself.</param>
/// <param name="ComputedFor">The clock for which it was computed; null if the store has no row for it.</param>
/// <param name="Quarantined">Whether f failed for it.</param>
/// <param name="Dirty">Whether it waits to be computed.</param>
internal readonly record struct StoredKey(
    byte[]? Bytes,
    Position? Touched,
    DateTimeOffset? RecomputeAt,
    DateTimeOffset? ComputedFor,
    bool Quarantined,
    bool Dirty
)
{
    /// <summary>Why f says that legacy must be asked; null: it knows the answer.</summary>
    public string? LegacyReason { get; init; }
}
