using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Schema;

/// <summary>Reads from the catalogue what the stream doesn't say about a relation that it describes.</summary>
internal sealed class RelationReader(BridgeConfig config, EventProfile profile, NpgsqlDataSource source)
{
    /// <param name="sent">The relation as the stream describes it.</param>
    /// <param name="known">The name under which the log has it; null if the log doesn't have it.</param>
    /// <param name="isKnown">Whether the log has a table with this name's topic.</param>
    public async Task<StreamRelation> ReadAsync(
        RelationShape sent,
        TableName? known,
        Func<TableName, bool> isKnown,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var tables = await CatalogueQuery.ReadAsync(connection, config.Publication, cancellationToken);
        var now = tables.FirstOrDefault(table => table.Oid == sent.Oid);
        var shape = Named(sent, known, now);
        var name = new TableName(shape.Schema, shape.Table);
        if (
            !config.Tables.Selects(name)
            && !isKnown(name)
            && !(await CandidateTable.ReadAsync(connection, [shape.Oid], cancellationToken)).Any(relation =>
                SourceCatalogue.IsCaptured(config, relation with { Name = name })
            )
        )
            return new StreamRelation.NotCaptured();
        var types = await CatalogueQuery.TypesAsync(connection, shape.Columns, cancellationToken);
        return Of(sent, shape, now, types, tables);
    }

    /// <summary>
    /// The same with names that can be read. In a session without the server's conversion they come as the database's
    /// own bytes, and those that are not UTF-8 come out as U+FFFD: no row would find its table by them.
    /// </summary>
    /// <param name="known">The name under which the log has the table; null: it has none.</param>
    /// <param name="now">The table as the catalogue has it now; null: it has none.</param>
    private static RelationShape Named(RelationShape sent, TableName? known, CatalogueTable? now)
    {
        if (!sent.Columns.Select(column => column.Name).Append(sent.Schema).Append(sent.Table).Any(IsUnread))
            return sent;
        var name = known ?? now?.Name ?? new TableName(sent.Schema, sent.Table);
        var there = now?.ToShape().Columns ?? [];
        var isSame = there
            .Select(column => column with { Name = "" })
            .SequenceEqual(sent.Columns.Select(column => column with { Name = "" }));
        return sent with { Schema = name.Schema, Table = name.Name, Columns = isSame ? there : sent.Columns };

        static bool IsUnread(string name) => name.Contains('\uFFFD', StringComparison.Ordinal);
    }

    private StreamRelation Of(
        RelationShape sent,
        RelationShape shape,
        CatalogueTable? now,
        IReadOnlyList<TypeModel> types,
        IReadOnlyList<CatalogueTable> tables
    )
    {
        // A table that is renamed or added while the stream runs may get a topic that another table already has.
        var own = now?.Name ?? new TableName(shape.Schema, shape.Table);
        var selected = tables.Select(table => table.Name).Where(config.Tables.Selects);
        if (
            SharedTopic.Of(config, [.. selected, own]).FirstOrDefault(shared => shared.Tables.Contains(own)) is
            { Why: var why }
        )
            return new StreamRelation.SharesTopic(sent, own, TopicName.Of(config.Prefix, own.Schema, own.Name), why);
        var model = RelationModel.Of(shape, profile, types, now?.Facts ?? TableFacts.None);
        // The catalogue is current, whereas the relation is of its place in the stream. Only if they agree is the
        // fingerprint also the relation's.
        var agree = now is not null && now.ToShape().Hash() == model.ShapeHash;
        return new StreamRelation.Captured(model, agree ? now!.Fingerprint() : model.ShapeHash);
    }
}
