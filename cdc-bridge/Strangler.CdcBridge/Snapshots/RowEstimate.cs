using Dapper;
using Npgsql;
using Strangler.CdcBridge.Schema;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>How many rows tables have by the server's statistics.</summary>
internal static class RowEstimate
{
    /// <summary>Of all tables together, with their partitions; null if one has never been analyzed.</summary>
    public static async Task<long?> ReadAsync(
        NpgsqlDataSource source,
        IEnumerable<CatalogueTable> tables,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select case when min(c.reltuples) >= 0 then sum(c.reltuples)::bigint end
            from (
                select oid from unnest(@oids) oid
                union
                select p.relid::oid::bigint from unnest(@oids) oid cross join pg_partition_tree(oid::oid::regclass) p
            ) tree
            join pg_class c on c.oid = tree.oid::oid
            where c.relkind <> 'p'
            """;
        var oids = tables.Select(table => (long)table.Oid).ToArray();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition(Sql, new { oids }, cancellationToken: cancellationToken)
        );
    }

    /// <summary>Of each table with its partitions, by its oid; a table that has never been analyzed has none.</summary>
    public static async Task<IReadOnlyDictionary<uint, double>> OfEachAsync(
        NpgsqlDataSource source,
        IEnumerable<CatalogueTable> tables,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select tree.root, sum(greatest(c.reltuples, 0))::float8 as rows
            from (
                select oid root, oid from unnest(@oids) oid
                union
                select oid, p.relid::oid::bigint
                from unnest(@oids) oid cross join pg_partition_tree(oid::oid::regclass) p
            ) tree
            join pg_class c on c.oid = tree.oid::oid
            where c.relkind <> 'p'
            group by 1
            """;
        var oids = tables.Select(table => (long)table.Oid).ToArray();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<TableRows>(
            new CommandDefinition(Sql, new { oids }, cancellationToken: cancellationToken)
        );
        return rows.ToDictionary(row => (uint)row.Root, row => row.Rows);
    }

    private sealed record TableRows(long Root, double Rows);
}
