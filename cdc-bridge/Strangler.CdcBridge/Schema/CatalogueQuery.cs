using Dapper;
using Npgsql;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Wire;

namespace Strangler.CdcBridge.Schema;

/// <summary>Reads the source's catalogue in one statement, so that it shows a single moment.</summary>
internal static class CatalogueQuery
{
    /// <summary>A type, resolved through domains to its base type; its element type likewise.</summary>
    private const string Types = """
        cross join lateral (
            with recursive base as (
                select t.oid, t.typname, t.typtype, t.typbasetype, t.typelem, t.typcategory, t.typtypmod,
                    x.type_modifier as modifier, false as is_domain
                from pg_type t where t.oid = x.type_oid
                union all
                select t.oid, t.typname, t.typtype, t.typbasetype, t.typelem, t.typcategory, t.typtypmod,
                    case when b.modifier <> -1 then b.modifier else b.typtypmod end, true
                from base b
                join pg_type t on b.typtype = 'd' and t.oid = b.typbasetype
            )
            select b.oid as base_oid, b.typname::text as base_name, b.modifier, b.is_domain,
                case when b.typcategory = 'A' and b.oid not in (22, 30) then b.typelem else 0::oid end as element
            from base b
            where b.typtype <> 'd'
        ) base
        cross join lateral (
            with recursive element as (
                select t.oid, t.typname, t.typtype, t.typbasetype from pg_type t where t.oid = base.element
                union all
                select t.oid, t.typname, t.typtype, t.typbasetype
                from element e
                join pg_type t on e.typtype = 'd' and t.oid = e.typbasetype
            )
            select coalesce((select e.oid from element e where e.typtype <> 'd'), 0::oid) as element_oid,
                coalesce((select e.typname::text from element e where e.typtype <> 'd'), '') as element_name,
                exists (select from element e where e.typtype = 'd') as has_domain_elements
        ) element
        cross join lateral (
            select coalesce(array_agg(e.enumlabel::text order by e.enumsortorder), '{}') as labels
            from pg_enum e
            where e.enumtypid = coalesce(nullif(element.element_oid, 0::oid), base.base_oid)
        ) labels
        """;

    /// <summary>What is known of a column's type.</summary>
    private const string TypeColumns = """
        base.base_oid::bigint as "BaseOid", base.base_name as "BaseName", base.modifier as "Modifier",
        base.is_domain as "IsDomain", element.element_oid::bigint as "ElementOid",
        element.element_name as "ElementName",
        element.has_domain_elements as "HasDomainElements", labels.labels as "Labels"
        """;

    /// <summary>The columns of the identity's index if it is USING INDEX, else of the primary key.</summary>
    private const string Key = """
        coalesce((
            select array_agg(a.attname::text order by k.place)
            from pg_index i
            cross join unnest(i.indkey::int2[]) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
            where i.indrelid = c.oid and k.place <= i.indnkeyatts
                and case when c.relreplident = 'i' then i.indisreplident else i.indisprimary end
        ), '{}') as key,
        coalesce((
            select array_agg(a.attname::text order by k.place)
            from (
                select i.indkey, case when i.indisprimary then i.indnkeyatts else i.indnatts end as columns
                from pg_index i
                join pg_class x on x.oid = i.indexrelid
                where i.indrelid = c.oid and i.indisunique and not (0 = any(i.indkey::int2[]))
                order by i.indisprimary desc, i.indisclustered desc, x.relname
                limit 1
            ) i
            cross join unnest(i.indkey::int2[]) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
            where k.place <= i.columns
        ), '{}') as unique_key,
        """;

    /// <summary>
    /// Everything except columns that may change the content of rows, as one text: the publication and the table's
    /// entries in it, the files, the types.
    /// </summary>
    private static string TablesOf(NpgsqlConnection connection)
    {
        var hasColumnLists = HasColumnLists(connection);
        var filtered = hasColumnLists ? "p.rowfilter is not null" : "false";
        var names = hasColumnLists ? "p.attnames::text[]" : "null::text[]";
        var schemaEntry = hasColumnLists
            ? ", (select s.oid from pg_publication_namespace s where s.pnpubid = u.oid and s.pnnspid = n.oid)"
            : "";
        return $"""
            select c.*, files.*, types.*
            from (
                select c.oid, c.relkind, p.schemaname, p.tablename,
                    c.relkind = 'p' as partitioned,
                    c.relkind in ('r', 'p') as is_table,
                    c.relreplident::text as identity,
                    {filtered} as filtered,
                    {names} as names,
                    {Key}
                    concat_ws('/', u.oid, u.xmin, n.xmin, (
                        select string_agg(concat_ws('.', r.oid, r.xmin), ',' order by r.oid)
                        from pg_publication_rel r
                        where r.prpubid = u.oid and (
                            r.prrelid = c.oid
                            or c.relispartition and r.prrelid in (select relid from pg_partition_ancestors(c.oid))
                        )
                    ){schemaEntry}) as membership
                from pg_publication_tables p
                join pg_namespace n on n.nspname = p.schemaname
                join pg_class c on c.relnamespace = n.oid and c.relname = p.tablename
                join pg_publication u on u.pubname = p.pubname
                where p.pubname = @publication
                offset 0 -- what follows is asked of these tables alone, and not of all that there are
            ) c
            {Files}
            {UserTypes}
            """;
    }

    /// <summary>
    /// Where the rows are stored: a rewritten or truncated table has another file; for a partitioned table, every part
    /// counts. The version of the catalogue's row shows what was done and undone between two looks, because the changes
    /// of a table that had another name for a moment, or of a partition that was detached, were not sent.
    /// </summary>
    private const string Files = """
        cross join lateral (
            with recursive tree as (
                select c.oid, c.relkind
                union all
                select f.oid, f.relkind
                from tree t
                join pg_inherits i on i.inhparent = t.oid and not i.inhdetachpending
                join pg_class f on f.oid = i.inhrelid
                where t.relkind = 'p'
            )
            select string_agg(concat_ws('.', f.oid, f.relfilenode, f.xmin), ',' order by f.oid) as files,
                min(f.oid::regclass::text) filter (where f.relkind = 'f' or f.relpersistence <> 'p') as foreign_part
            from tree t
            join pg_class f on f.oid = t.oid
        ) files
        """;

    /// <summary>
    /// The labels of enums and the attributes of composite types that the table's columns use, through domains, arrays
    /// and ranges: altering them changes the text of values without a write.
    /// </summary>
    private const string UserTypes = """
        cross join lateral (
            with recursive types as (
                select a.atttypid as oid
                from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                union
                select part.oid
                from types s
                join pg_type t on t.oid = s.oid
                cross join lateral (
                    select t.typbasetype as oid where t.typtype = 'd'
                    union all
                    select t.typelem
                    union all
                    select a.atttypid
                    from pg_attribute a
                    where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
                    union all
                    select r.rngsubtype from pg_range r where r.rngtypid = t.oid
                ) part
                where part.oid <> 0
            )
            select string_agg(
                concat_ws('.', t.oid,
                    (
                        select string_agg(concat_ws('=', e.oid, e.enumlabel, e.xmin), ',' order by e.enumsortorder)
                        from pg_enum e
                        where e.enumtypid = t.oid
                    ),
                    (
                        select string_agg(concat_ws('=', a.attnum, a.atttypid, a.atttypmod), ',' order by a.attnum)
                        from pg_attribute a
                        where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
                    )
                ),
                '/' order by t.oid
            ) as types
            from types s
            join pg_type t on t.oid = s.oid
            where t.typtype in ('e', 'c')
        ) types
        """;

    /// <summary>The published tables. Stored generated columns are not sent, so they are omitted.</summary>
    public static Task<IReadOnlyList<CatalogueTable>> ReadAsync(
        NpgsqlConnection connection,
        string publication,
        CancellationToken cancellationToken
    ) => ReadAsync(connection, TablesOf(connection), publication, cancellationToken);

    /// <summary>
    /// All relations with columns, except system and temporary ones; for published ones, the published columns.
    /// </summary>
    public static Task<IReadOnlyList<CatalogueTable>> AllAsync(
        NpgsqlConnection connection,
        string publication,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            connection,
            $"""
            select c.oid, n.nspname as schemaname, c.relname as tablename,
                c.relkind = 'p' as partitioned,
                c.relreplident::text as identity,
                false as filtered,
                {(HasColumnLists(connection) ? "p.attnames::text[]" : "null::text[]")} as names,
                {Key}
                c.relkind in ('r', 'p') as is_table,
                '' as membership, '' as files, null::text as foreign_part, '' as types
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_publication_tables p
                on p.pubname = @publication and p.schemaname = n.nspname and p.tablename = c.relname
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            """,
            publication,
            cancellationToken
        );

    private static bool HasColumnLists(NpgsqlConnection connection) => connection.PostgreSqlVersion.Major >= 15;

    private static async Task<IReadOnlyList<CatalogueTable>> ReadAsync(
        NpgsqlConnection connection,
        string tables,
        string publication,
        CancellationToken cancellationToken
    )
    {
        var sql = $"""
            with t as ({tables}),
            x as (
                select t.*, a.attnum,
                    a.attname::text as name,
                    a.atttypid as type_oid,
                    a.atttypmod as type_modifier,
                    format_type(a.atttypid, a.atttypmod) as type_name,
                    a.attnotnull as not_null,
                    a.attnotnull or y.typtype = 'd' and y.typnotnull as is_required,
                    a.attmissingval::text as missing,
                    pg_get_expr(d.adbin, d.adrelid) as preset,
                    a.attgenerated = '' and (t.names is null or a.attname::text = any(t.names)) as is_sent
                from t
                join pg_attribute a on a.attrelid = t.oid
                join pg_type y on y.oid = a.atttypid
                left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where a.attnum > 0 and not a.attisdropped
            )
            select x.oid::bigint as "Oid", x.schemaname::text as "Schema", x.tablename::text as "Table",
                x.partitioned as "Partitioned", x.identity as "Identity", x.filtered as "IsFiltered", x.key as "Key",
                x.unique_key as "UniqueKey", x.is_table as "IsTable", x.preset as "Preset", x.is_sent as "IsSent",
                x.membership as "Membership", x.files as "Files", x.foreign_part as "ForeignPart", x.types as "Types",
                exists (
                    select from pg_attribute o
                    where o.attrelid = x.oid and o.attnum > 0 and not o.attisdropped and o.attgenerated = ''
                        and o.attname::text <> all(x.names)
                ) as "IsNarrowed",
                x.attnum::int as "Number", x.name as "Name",
                x.type_oid::bigint as "TypeOid", x.type_modifier as "TypeModifier", x.type_name as "TypeName",
                x.not_null as "NotNull", x.is_required as "IsRequired", x.missing as "Missing",
                {TypeColumns}
            from x
            {Types}
            order by x.schemaname, x.tablename, x.attnum
            """;
        var rows = await connection.QueryAsync<CatalogueRow>(
            new CommandDefinition(sql, new { publication }, cancellationToken: cancellationToken)
        );
        return [.. rows.GroupBy(row => row.Oid).Select(columns => Table([.. columns]))];
    }

    /// <summary>
    /// Types by object id and modifier, in the requested order; one that no longer exists is written as text.
    /// </summary>
    public static async Task<IReadOnlyList<TypeModel>> TypesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RelationColumn> columns,
        CancellationToken cancellationToken
    )
    {
        const string Sql = $"""
            with x as (
                select place, oid::oid as type_oid, modifier as type_modifier
                from unnest(@oids, @modifiers) with ordinality u(oid, modifier, place)
            )
            select x.place as "Place", format_type(x.type_oid, x.type_modifier) as "Name",
                {TypeColumns}
            from x
            {Types}
            """;
        var found = await connection.QueryAsync<CatalogueTypeRow>(
            new CommandDefinition(
                Sql,
                new
                {
                    oids = columns.Select(column => (long)column.TypeOid).ToArray(),
                    modifiers = columns.Select(column => column.TypeModifier).ToArray(),
                },
                cancellationToken: cancellationToken
            )
        );
        var byPlace = found.ToDictionary(row => row.Place, row => row.ToModel());
        return
        [
            .. columns.Select(
                (column, i) => byPlace.GetValueOrDefault(i + 1) ?? new TypeModel("???", column.TypeOid, 0)
            ),
        ];
    }

    private static CatalogueTable Table(IReadOnlyList<CatalogueRow> columns)
    {
        var table = columns[0];
        return new CatalogueTable(
            (uint)table.Oid,
            table.Schema,
            table.Table,
            table.Partitioned,
            table.Identity[0],
            (string[])table.Key,
            table.IsFiltered,
            table.IsNarrowed is true,
            table.ForeignPart,
            table.Membership,
            table.Files,
            table.Types,
            [.. columns.Where(row => row.IsSent).Select(row => row.ToColumn())]
        )
        {
            UniqueKey = (string[])table.UniqueKey,
            IsTable = table.IsTable,
            AllColumns = [.. columns.Select(row => row.ToColumn())],
        };
    }
}
