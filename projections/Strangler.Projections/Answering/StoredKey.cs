using Strangler.ChangeLog;

namespace Strangler.Projections.Answering;

/// <summary>What the store holds of a projection's build when a key is looked up.</summary>
/// <param name="Exists">Whether there is a build that is not old.</param>
/// <param name="Applied">Whether anything has been applied of its source.</param>
/// <param name="Stopped">Whether the projection has left the applier.</param>
/// <param name="Version">The version that made the build's documents.</param>
/// <param name="InDoubt">Whether a table that it reads is in doubt.</param>
internal readonly record struct StoredBuild(bool Exists, bool Applied, bool Stopped, string? Version, bool InDoubt);

/// <summary>What the store holds of a key.</summary>
/// <param name="Bytes">Its document; null: absent, or never computed.</param>
/// <param name="Touched">The last commit that mapped to it; null where the store has no row for it.</param>
/// <param name="RecomputeAt">When what stands there changes by itself.</param>
/// <param name="ComputedFor">The clock for which it was computed; null where the store has no row for it.</param>
/// <param name="Quarantined">f gave no answer for it.</param>
/// <param name="Dirty">It waits to be computed.</param>
internal readonly record struct StoredKey(
    byte[]? Bytes,
    Position? Touched,
    DateTimeOffset? RecomputeAt,
    DateTimeOffset? ComputedFor,
    bool Quarantined,
    bool Dirty
);
