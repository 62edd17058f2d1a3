using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Schema;

/// <summary>Reads in the catalogue what the stream doesn't say of a relation that it describes.</summary>
internal sealed class RelationReader(BridgeConfig config, NpgsqlDataSource source)
{
    /// <param name="shape">The relation as the stream describes it.</param>
    /// <param name="isKnown">Whether the log knows a table of its topic.</param>
    public async Task<StreamRelation> ReadAsync(RelationShape shape, bool isKnown, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var name = new TableName(shape.Schema, shape.Table);
        if (
            !config.Tables.Selects(name)
            && !isKnown
            && !(await CandidateTable.ReadAsync(connection, [shape.Oid], cancellationToken)).Any(relation =>
                SourceCatalogue.IsCaptured(config, relation with { Name = name })
            )
        )
            return new StreamRelation.NotCaptured();
        var types = await Catalogue.TypesAsync(connection, shape.Columns, cancellationToken);
        var tables = await Catalogue.ReadAsync(connection, config.Publication, cancellationToken);
        return Of(shape, types, tables);
    }

    private StreamRelation Of(RelationShape shape, IReadOnlyList<TypeModel> types, IReadOnlyList<CatalogueTable> tables)
    {
        var now = tables.FirstOrDefault(table => table.Oid == shape.Oid);
        // A table renamed or added while the stream runs may have a topic that another one has already.
        var own = now?.Name ?? new TableName(shape.Schema, shape.Table);
        var topic = TopicName.Of(config.Prefix, own.Schema, own.Name);
        var selected = tables
            .Where(table => config.Tables.Selects(table.Name))
            .Select(table => (table.Schema, table.Table));
        var groups = TopicName.Shared(config.Prefix, [.. selected, (own.Schema, own.Name)]);
        foreach (var group in groups.Where(group => group.Topic == topic))
            return new StreamRelation.SharesTopic(shape, own, topic, PublicationPlan.SharedTopic(group));
        var model = RelationModel.Of(
            shape,
            config.Prefix,
            types,
            now?.Key ?? [],
            now?.Columns.Where(column => column.NotNull).Select(column => column.Name).ToHashSet() ?? []
        );
        // The catalogue is that of now, the relation that of its place in the stream: only where they agree is the
        // fingerprint the relation's too.
        var agree = now is not null && now.ToShape().Hash() == model.ShapeHash;
        return new StreamRelation.Captured(model, agree ? now!.Fingerprint() : model.ShapeHash);
    }
}
