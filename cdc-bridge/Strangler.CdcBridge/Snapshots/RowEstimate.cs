using Dapper;
using Npgsql;
using Strangler.CdcBridge.Schema;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>How many rows a table has, with its partitions, by the server's statistics.</summary>
/// <param name="Rows">Of what has been analyzed.</param>
/// <param name="IsComplete">Whether all of it has been.</param>
internal sealed record RowEstimate(double Rows, bool IsComplete)
{
    /// <summary>Of each table, by its oid; a partitioned table without partitions has none.</summary>
    public static async Task<IReadOnlyDictionary<uint, RowEstimate>> ReadAsync(
        NpgsqlDataSource source,
        IEnumerable<CatalogueTable> tables,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select tree.root as "Root", sum(greatest(c.reltuples, 0))::float8 as "Rows",
                min(c.reltuples) >= 0 as "IsComplete"
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
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Sql, new { oids }, cancellationToken: cancellationToken)
        );
        return rows.ToDictionary(row => (uint)row.Root, row => new RowEstimate(row.Rows, row.IsComplete));
    }

    /// <summary>Of tables together; null if something has never been analyzed, or if there is none.</summary>
    public static long? Total(IReadOnlyCollection<RowEstimate> tables) =>
        tables.Count > 0 && tables.All(table => table.IsComplete) ? (long)tables.Sum(table => table.Rows) : null;

    private sealed record Row(long Root, double Rows, bool IsComplete);
}
