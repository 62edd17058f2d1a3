namespace Strangler.Projections.Mirror;

/// <summary>The mirror at one position. Mapping and gathering read it in the same way, by links.</summary>
internal interface IMirrorReader
{
    /// <summary>The rows whose link <paramref name="slot"/> has one of the values.</summary>
    Task<IReadOnlyList<RowVersion>> ByLinkAsync(MirrorTable table, int slot, IReadOnlyCollection<string> values, CancellationToken cancellationToken);

    /// <summary>All rows of a table: of small reference tables only.</summary>
    Task<IReadOnlyList<RowVersion>> AllAsync(MirrorTable table, CancellationToken cancellationToken);
}
