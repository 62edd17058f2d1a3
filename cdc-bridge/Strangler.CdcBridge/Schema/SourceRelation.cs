using Dapper;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Profiles;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>What a relation of the source is, whether it can be published or not.</summary>
/// <param name="Kind">
/// Of <c>pg_class</c>: <c>r</c>, <c>p</c>artitioned, <c>v</c>iew, <c>m</c>aterialized, <c>f</c>oreign.
/// </param>
/// <param name="Persistence">Of <c>pg_class</c>: <c>p</c>ermanent or <c>u</c>nlogged.</param>
/// <param name="ViaRoot">
/// Whether the publication publishes partitions under the name of their root; null if it doesn't exist yet.
/// </param>
internal sealed record SourceRelation(TableName Name, char Kind, char Persistence, bool? ViaRoot)
{
    /// <summary>
    /// All relations of the database, except system and temporary ones, with the problem that prevents capturing each.
    /// </summary>
    public static async Task<IReadOnlyList<SourceTable>> ReadAsync(
        NpgsqlConnection connection,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select c.oid::bigint as "Oid", n.nspname::text as "Schema", c.relname::text as "Name",
                c.relkind::text as "Kind", c.relpersistence::text as "Persistence",
                (select pubviaroot from pg_publication where pubname = @Publication) as "ViaRoot"
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            """;
        var kinds = (
            await connection.QueryAsync<Row>(
                new CommandDefinition(Sql, new { config.Publication }, cancellationToken: cancellationToken)
            )
        ).ToDictionary(
            row => row.Oid,
            row => new SourceRelation(new TableName(row.Schema, row.Name), row.Kind[0], row.Persistence[0], row.ViaRoot)
        );
        var tables = await CatalogueQuery.AllAsync(connection, config.Publication, cancellationToken);
        return
        [
            .. tables
                .Where(table => kinds.ContainsKey(table.Oid))
                .Select(table => new SourceTable(
                    table.ToModel(new StranglerProfile(config.Prefix)).ToSchema("", inDoubt: false),
                    kinds[table.Oid].Obstacle(config)
                )),
        ];
    }

    /// <summary>Why changes of the relation are not captured; null if they are.</summary>
    public Fault? Obstacle(BridgeConfig config)
    {
        var (path, name, publication) = (
            Name.ToString(),
            SqlName.Quote(Name.Schema, Name.Name),
            SqlName.Quote(config.Publication)
        );
        return (Kind, Persistence) switch
        {
            ('v', _) => new(
                path,
                "It is a view: PostgreSQL sends no changes of it.",
                "Declare the tables that it is made of."
            ),
            ('m', _) => new(
                path,
                "It is a materialized view: PostgreSQL sends no changes of it.",
                "Declare the tables that it is made of."
            ),
            ('f', _) => new(
                path,
                "It is a foreign table: its changes are not in this database's write-ahead log.",
                "Declare a table of this database."
            ),
            (_, 'u') => new(
                path,
                "It is unlogged: its changes are not in the write-ahead log, and a crash empties it.",
                $"Run: ALTER TABLE {name} SET LOGGED"
            ),
            ('p', _) when ViaRoot is null && !config.Stream.PublishesViaRoot => new(
                path,
                "It is partitioned, "
                    + "and the publication that would be created publishes its partitions under their own names.",
                $"Run before the first start: CREATE PUBLICATION {publication} FOR TABLE {name} WITH "
                    + "(publish_via_partition_root = true)"
            ),
            ('p', _) when ViaRoot is false => new(
                path,
                "It is partitioned, "
                    + $"and the publication '{config.Publication}' publishes its partitions under their own names.",
                $"Run: ALTER PUBLICATION {publication} SET (publish_via_partition_root = true)"
            ),
            _ when !config.Tables.Selects(Name) => new(
                "Source:table.include.list",
                $"The table '{Name}' is not selected, so its changes are not captured.",
                "Add it to the list, or remove it from the exclude list."
            ),
            _ => null,
        };
    }

    private sealed record Row(long Oid, string Schema, string Name, string Kind, string Persistence, bool? ViaRoot);
}
