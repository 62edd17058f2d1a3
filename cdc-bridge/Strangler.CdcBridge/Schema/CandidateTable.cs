using Dapper;
using Npgsql;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Schema;

/// <summary>A relation of the source that is captured, or could be.</summary>
/// <param name="Kind">
/// Of <c>pg_class</c>: <c>r</c>, <c>p</c>artitioned, <c>v</c>iew, <c>m</c>aterialized, <c>f</c>oreign.
/// </param>
/// <param name="Persistence">Of <c>pg_class</c>: <c>p</c>ermanent or <c>u</c>nlogged.</param>
/// <param name="Identity">Its replica identity.</param>
/// <param name="HasIdentity">
/// Whether UPDATE and DELETE work while it is published; for a partitioned table, whether they do on its partitions.
/// </param>
/// <param name="Keys">What could be its identity.</param>
/// <param name="CanSelect">Whether our login may read it.</param>
/// <param name="IsOwner">Whether our login has its owner's rights.</param>
/// <param name="HasRowSecurity">Whether row-level security hides rows from our login.</param>
/// <param name="Children">Tables that inherit from it and are not its partitions.</param>
/// <param name="Parents">The tables whose partition or child it is, at any depth.</param>
internal sealed record CandidateTable(
    uint Oid,
    TableName Name,
    char Kind,
    char Persistence,
    char Identity,
    bool HasIdentity,
    IdentityChoice Keys,
    bool CanSelect,
    bool IsOwner,
    bool HasRowSecurity,
    IReadOnlyList<TableName> Children,
    IReadOnlyList<TableName> Parents,
    bool IsPartition
)
{
    /// <summary>The index that is its replica identity; null if none is.</summary>
    public string? IdentityIndex { get; init; }

    /// <summary>Whether PostgreSQL can publish it: a permanent table.</summary>
    public bool IsTable => Kind is 'r' or 'p' && Persistence == 'p';

    /// <summary>The names of all relations of the database, except system and temporary ones.</summary>
    public static async Task<IReadOnlyList<(uint Oid, TableName Name)>> NamesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select c.oid::bigint as "Oid", n.nspname::text as "Schema", c.relname::text as "Name"
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
                and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            order by 2, 3
            """;
        var rows = await connection.QueryAsync<NameRow>(
            new CommandDefinition(Sql, cancellationToken: cancellationToken)
        );
        return [.. rows.Select(row => ((uint)row.Oid, new TableName(row.Schema, row.Name)))];
    }

    /// <summary>The names of all tables and partitioned tables.</summary>
    public static async Task<IReadOnlyList<TableName>> TablesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select n.nspname::text as "Schema", c.relname::text as "Name"
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relpersistence <> 't'
                and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            order by 1, 2
            """;
        return
        [
            .. await connection.QueryAsync<TableName>(new CommandDefinition(Sql, cancellationToken: cancellationToken)),
        ];
    }

    /// <summary>The relations with these object ids.</summary>
    public static async Task<IReadOnlyList<CandidateTable>> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<uint> oids,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select c.oid::bigint as "Oid", n.nspname::text as "Schema", c.relname::text as "Name",
                c.relkind::text as "Kind", c.relpersistence::text as "Persistence", c.relreplident::text as "Identity",
                c.relispartition as "IsPartition",
                (
                    with recursive tree as (
                        select c.oid, c.relkind, c.relreplident
                        union all
                        select f.oid, f.relkind, f.relreplident
                        from tree t
                        join pg_inherits i on i.inhparent = t.oid
                        join pg_class f on f.oid = i.inhrelid
                        where t.relkind = 'p'
                    )
                    select coalesce(bool_and(case t.relreplident
                        when 'f' then true
                        when 'i' then exists (
                            select from pg_index i where i.indrelid = t.oid and i.indisreplident and i.indisvalid
                        )
                        when 'd' then exists (
                            select from pg_index i
                            where i.indrelid = t.oid and i.indisprimary and i.indimmediate and i.indisvalid
                        )
                        else false
                    end), false)
                    from tree t
                ) as "HasIdentity",
                exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary) as "HasKey",
                exists (
                    select from pg_index i
                    where i.indrelid = c.oid and i.indisprimary and i.indimmediate and i.indisvalid
                ) as "HasImmediateKey",
                (
                    select x.relname::text
                    from pg_index i
                    join pg_class x on x.oid = i.indexrelid
                    where i.indrelid = c.oid and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null
                        and not exists (
                            select from unnest(i.indkey::int2[]) with ordinality k(number, place)
                            left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
                            where k.place <= i.indnkeyatts and (k.number = 0 or not a.attnotnull)
                        )
                    order by i.indexrelid
                    limit 1
                ) as "UniqueIndex",
                (
                    select x.relname::text
                    from pg_index i
                    join pg_class x on x.oid = i.indexrelid
                    where i.indrelid = c.oid and i.indisreplident and c.relreplident = 'i'
                ) as "IdentityIndex",
                has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT') as "CanSelect",
                pg_has_role(c.relowner, 'USAGE') as "IsOwner",
                row_security_active(c.oid) as "HasRowSecurity",
                coalesce((
                    select array_agg(array[m.nspname::text, f.relname::text])
                    from pg_inherits i
                    join pg_class f on f.oid = i.inhrelid
                    join pg_namespace m on m.oid = f.relnamespace
                    where i.inhparent = c.oid and c.relkind <> 'p'
                ), '{}') as "Children",
                coalesce((
                    with recursive up as (
                        select i.inhparent as oid from pg_inherits i where i.inhrelid = c.oid
                        union
                        select i.inhparent from up u join pg_inherits i on i.inhrelid = u.oid
                    )
                    select array_agg(array[m.nspname::text, f.relname::text])
                    from up u
                    join pg_class f on f.oid = u.oid
                    join pg_namespace m on m.oid = f.relnamespace
                ), '{}') as "Parents"
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.oid = any(@oids::oid[])
            order by 2, 3
            """;
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                Sql,
                new { oids = oids.Select(oid => (long)oid).ToArray() },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows.Select(row => row.ToTable())];
    }

    private sealed record NameRow(long Oid, string Schema, string Name);

    private sealed record Row(
        long Oid,
        string Schema,
        string Name,
        string Kind,
        string Persistence,
        string Identity,
        bool IsPartition,
        bool HasIdentity,
        bool HasKey,
        bool HasImmediateKey,
        string? UniqueIndex,
        string? IdentityIndex,
        bool CanSelect,
        bool IsOwner,
        bool HasRowSecurity,
        Array Children,
        Array Parents
    )
    {
        public CandidateTable ToTable() =>
            new(
                (uint)Oid,
                new TableName(Schema, Name),
                Kind[0],
                Persistence[0],
                Identity[0],
                HasIdentity,
                new IdentityChoice(HasKey, HasImmediateKey, UniqueIndex),
                CanSelect,
                IsOwner,
                HasRowSecurity,
                Names(Children),
                Names(Parents),
                IsPartition
            )
            {
                IdentityIndex = IdentityIndex,
            };

        private static IReadOnlyList<TableName> Names(Array pairs) =>
            pairs is string[,] names
                ? [.. Enumerable.Range(0, names.GetLength(0)).Select(i => new TableName(names[i, 0], names[i, 1]))]
                : [];
    }
}
