using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;

namespace Strangler.CdcBridge.Schema;

/// <summary>What a look at the source's catalogue finds that decides what is captured.</summary>
/// <param name="Names">The names of all relations.</param>
/// <param name="Relations">
/// The relations that are selected, published, or known from before; all of them if a publication of all tables is to
/// be created.
/// </param>
/// <param name="Publication">The publication; null if none exists.</param>
/// <param name="Published">What it publishes.</param>
internal sealed record SourceCatalogue(
    IReadOnlyList<(uint Oid, TableName Name)> Names,
    IReadOnlyList<CandidateTable> Relations,
    PublicationState? Publication,
    IReadOnlyList<CatalogueTable> Published
)
{
    /// <summary>Reads it in a few statements; the next look finds what is altered in between.</summary>
    public static async Task<SourceCatalogue> ReadAsync(
        NpgsqlConnection connection,
        BridgeConfig config,
        IReadOnlyList<TableOffset> known,
        CancellationToken cancellationToken
    )
    {
        var names = await CandidateTable.NamesAsync(connection, cancellationToken);
        var publication = await PublicationState.ReadAsync(connection, config.Publication, cancellationToken);
        var published = await CatalogueQuery.ReadAsync(connection, config.Publication, cancellationToken);
        var ofAllTables = publication is null && config.Mode == PublicationMode.AllTables;
        var wanted = names
            .Where(relation => ofAllTables || config.Tables.Selects(relation.Name))
            .Select(relation => relation.Oid)
            .Concat(published.Select(table => table.Oid))
            .Concat(known.Select(table => table.Oid))
            .ToHashSet();
        var relations = await CandidateTable.ReadAsync(connection, wanted, cancellationToken);
        return new SourceCatalogue(names, relations, publication, published);
    }

    public CandidateTable? Find(TableName name) => Relations.FirstOrDefault(relation => relation.Name == name);

    /// <summary>Whether the relation's name is selected, or it is a part of a relation whose name is.</summary>
    public static bool IsCaptured(BridgeConfig config, CandidateTable relation) =>
        config.Tables.Selects(relation.Name) || relation.Parents.Any(config.Tables.Selects);
}
