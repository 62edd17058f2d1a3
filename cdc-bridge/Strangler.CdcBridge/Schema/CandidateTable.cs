using Dapper;
using Npgsql;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Schema;

/// <summary>A table of the source that could be published.</summary>
/// <param name="Identity">Its replica identity.</param>
/// <param name="HasKey">Whether it has a primary key that is not deferrable.</param>
/// <param name="HasIdentityIndex">Whether the index of USING INDEX still exists.</param>
/// <param name="CanSelect">Whether our login may read it.</param>
internal sealed record CandidateTable(TableName Name, char Identity, bool HasKey, bool HasIdentityIndex, bool CanSelect)
{
    /// <summary>Whether UPDATE and DELETE go on working once the table is published.</summary>
    public bool HasIdentity => Identity switch
    {
        'f' => true,
        'i' => HasIdentityIndex,
        'd' => HasKey,
        _ => false,
    };

    /// <summary>All tables of the database but the system's, temporary and unlogged ones.</summary>
    public static async Task<IReadOnlyList<CandidateTable>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select n.nspname::text, c.relname::text, c.relreplident::text,
                exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and i.indimmediate and i.indisvalid),
                exists (select from pg_index i where i.indrelid = c.oid and i.indisreplident and i.indisvalid),
                has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            order by 1, 2
            """;
        var rows = await connection.QueryAsync<(string Schema, string Name, string Identity, bool HasKey, bool HasIndex, bool CanSelect)>(new CommandDefinition(Sql, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new CandidateTable(new TableName(row.Schema, row.Name), row.Identity[0], row.HasKey, row.HasIndex, row.CanSelect))];
    }
}
