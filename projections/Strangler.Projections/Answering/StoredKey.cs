using Strangler.ChangeLog;

namespace Strangler.Projections.Answering;

/// <summary>The state of a projection's build in the store when a key is looked up.</summary>
/// <param name="Exists">Whether a build exists that isn't old.</param>
/// <param name="Applied">Whether anything has been applied from its source.</param>
/// <param name="Stopped">Whether the projection has left the applier.</param>
/// <param name="Version">The version that made the build's documents.</param>
/// <param name="InDoubt">Whether a table that it reads is in doubt.</param>
internal readonly record struct StoredBuild(bool Exists, bool Applied, bool Stopped, string? Version, bool InDoubt);

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
);
