using Dapper;
using Npgsql;
using Strangler.Cli.Commands;
using Strangler.Foundation.Store;
using Strangler.Projections;
using Strangler.Projections.Declaring;
using Strangler.Projections.Rebuilding;
using Strangler.Projections.Storing;
using Strangler.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// The store as <c>strangler migrate</c> creates it, and the mirror of a projection of two tables. It outlives the
/// program, and operators query it.
/// </summary>
public sealed class StoreTests(PostgresFixture postgres)
{
    /// <summary>
    /// Each object with its parts: columns, constraints, indexes, triggers. 'n' is PostgreSQL 18's not null.
    /// </summary>
    private const string Catalogue = """
        with ours as (
            select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
        ),
        tables as (
            select c.oid, o.nspname || '.' || c.relname as name, pg_get_partkeydef(c.oid) as partition_key
            from pg_class c join ours o on o.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
        ),
        lines as (
            select name, 0 as part, 0 as place,
                'table ' || name || coalesce(' partition by ' || partition_key, '') as line
            from tables
            union all
            select t.name, 1, a.attnum, '    ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || case when a.attcollation = 'pg_catalog."C"'::regcollation then ' collate "C"' else '' end
                || case when a.attnotnull then ' not null' else '' end
                || case when a.attidentity = 'a' then ' identity' else '' end
                || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
            from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
                left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            union all
            select t.name, 2, 0, '    constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
            from tables t join pg_constraint k on k.conrelid = t.oid where k.contype <> 'n'
            union all
            select t.name, 3, 0, '    ' || pg_get_indexdef(i.indexrelid)
            from tables t join pg_index i on i.indrelid = t.oid
            where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = t.oid)
            union all
            select t.name, 4, 0, '    ' || pg_get_triggerdef(g.oid)
            from tables t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal
            union all
            select o.nspname || '.' || p.proname, 0, 0,
                'function ' || p.oid::regprocedure || ' returns ' || pg_get_function_result(p.oid)
            from pg_proc p join ours o on o.oid = p.pronamespace
        )
        select line from lines order by name collate "C", part, place, line collate "C"
        """;

    [Fact]
    public async Task Store_Migrated_HasTheApprovedTables()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StoreMigration.MigrateAsync(store, MigrateCommand.Rooms, cancellationToken);
        var model = ProjectionModelBuilder.Build(typeof(OrderTotal), "1", new ProjectionCode("1", "invariant"));
        await using (var session = await StoreSession.BeginAsync(store, cancellationToken))
        {
            var mirror = new MirrorTables(session, "shop");
            foreach (var table in model.Tables)
                await mirror.CreateAsync(table.Schema, table.Name, ["id"], cancellationToken);
            await mirror.LinkAsync([model], cancellationToken);
            await session.CommitAsync(cancellationToken);
        }

        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var lines = await connection.QueryAsync<string>(Catalogue);

        ApprovedNames.Equal(
            "store-tables",
            "The store's tables. Stored data and operators' queries depend on them.",
            lines
        );
    }
}

internal sealed class OrderTotal : IProjection<OrderId, string>
{
    public static void Declare(ISources<OrderId> from)
    {
        from.Table<Order>("public.order").Key(row => new OrderId(row.Id));
        from.Table<OrderLine>("public.order_line").Through<Order, int>(order => order.Id, line => line.OrderId);
    }

    public static Projected<string> Project(OrderId key, Rows rows, DateTimeOffset now) => default;

    internal sealed record Order(int Id);

    internal sealed record OrderLine(int Id, int OrderId);
}

internal readonly record struct OrderId(int Value) : IParsable<OrderId>
{
    public static OrderId Parse(string s, IFormatProvider? provider) => new(int.Parse(s, provider));

    public static bool TryParse(string? s, IFormatProvider? provider, out OrderId result)
    {
        var isId = int.TryParse(s, provider, out var value);
        result = new(value);
        return isId;
    }

    public override string ToString() => $"{Value}";
}
