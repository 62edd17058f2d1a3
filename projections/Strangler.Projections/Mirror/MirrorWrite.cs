using Strangler.Projections.Binding;

namespace Strangler.Projections.Mirror;

/// <summary>The rows to write for one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Last">The last version of each changed row, one per key; a null row is a tombstone.</param>
/// <param name="Ended">The versions that ended, in any order.</param>
internal sealed record MirrorWrite(
    MirrorTable Table,
    IReadOnlyList<RowVersion> Last,
    IReadOnlyList<EndedVersion> Ended
);
