using Strangler.Projections.Binding;

namespace Strangler.Projections.Mirror;

/// <summary>What is written of one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Last">The last version of each row that changed, one a key; a null row is a tombstone.</param>
/// <param name="Ended">What ended, in whatever order.</param>
internal sealed record MirrorWrite(
    MirrorTable Table,
    IReadOnlyList<RowVersion> Last,
    IReadOnlyList<EndedVersion> Ended
);
