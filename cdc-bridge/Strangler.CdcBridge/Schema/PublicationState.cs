using Dapper;
using Npgsql;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Schema;

/// <summary>The current state of a publication.</summary>
/// <param name="PublishesAll">Whether it publishes inserts, updates, deletes and truncates.</param>
/// <param name="ViaRoot">Whether it publishes partitions under the name of their root.</param>
/// <param name="IsOwner">Whether our login has its owner's rights.</param>
/// <param name="Partitions">Whether it publishes partitions for a table that was named.</param>
/// <param name="Tables">The tables named in it, and what it publishes for them.</param>
/// <param name="Named">
/// The tables that are in it by their own name: others, as in a publication of all tables or of a schema, can't be
/// dropped from it.
/// </param>
internal sealed record PublicationState(
    bool PublishesAll,
    bool ViaRoot,
    bool IsOwner,
    bool Partitions,
    IReadOnlySet<TableName> Tables,
    IReadOnlySet<TableName> Named
)
{
    /// <summary>Its comment; null if it has none.</summary>
    public string? Comment { get; init; }

    /// <summary>The comment on a publication that the bridge with this slot created.</summary>
    public static string CommentOf(string slot) => $"strangler bridge, slot {slot}";

    public static async Task<PublicationState?> ReadAsync(
        NpgsqlConnection connection,
        string publication,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate as "PublishesAll",
                p.pubviaroot as "ViaRoot",
                pg_has_role(p.pubowner, 'USAGE') as "IsOwner",
                exists (
                    select from pg_publication_rel r
                    join pg_class c on c.oid = r.prrelid
                    where r.prpubid = p.oid and c.relkind = 'p'
                ) as "Partitions",
                obj_description(p.oid, 'pg_publication') as "Comment"
            from pg_publication p
            where p.pubname = @publication
            """;
        const string Tables = """
            select schemaname::text as "Schema", tablename::text as "Name", false as "IsNamed"
            from pg_publication_tables
            where pubname = @publication
            union all
            select n.nspname::text, c.relname::text, true
            from pg_publication p
            join pg_publication_rel r on r.prpubid = p.oid
            join pg_class c on c.oid = r.prrelid
            join pg_namespace n on n.oid = c.relnamespace
            where p.pubname = @publication
            """;
        var found = await connection.QuerySingleOrDefaultAsync<PublicationRow>(
            new CommandDefinition(Sql, new { publication }, cancellationToken: cancellationToken)
        );
        if (found is null)
            return null;
        var tables = await connection.QueryAsync<TableRow>(
            new CommandDefinition(Tables, new { publication }, cancellationToken: cancellationToken)
        );
        return new PublicationState(
            found.PublishesAll,
            found.ViaRoot,
            found.IsOwner,
            found.Partitions,
            Names(tables),
            Names(tables.Where(table => table.IsNamed))
        )
        {
            Comment = found.Comment,
        };
    }

    private static HashSet<TableName> Names(IEnumerable<TableRow> tables) =>
        tables.Select(table => new TableName(table.Schema, table.Name)).ToHashSet();

    private sealed record PublicationRow(
        bool PublishesAll,
        bool ViaRoot,
        bool IsOwner,
        bool Partitions,
        string? Comment
    );

    private sealed record TableRow(string Schema, string Name, bool IsNamed);
}
