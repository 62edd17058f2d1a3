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
}
