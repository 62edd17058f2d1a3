namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>Tables whose content changes without a row event.</summary>
internal static class TableFaults
{
    private const string AllTables = "kind, part, product, rate";

    public static IReadOnlyList<SoakFault> Names { get; } =
    [
        SoakFault.Of(
            "table renamed and back",
            "alter table product rename to product_away",
            "alter table product_away rename to product"
        ),
        SoakFault.Of(
            "table moved to a schema and back",
            "create schema if not exists away; alter table part set schema away",
            "alter table away.part set schema public"
        ),
        SoakFault.Of(
            "tables swapped by their names",
            $"""
            begin;
            {ShopTables.Product("product_new")};
            insert into product_new select * from product;
            update product_new set name = name || ' swapped';
            alter table product rename to product_old;
            alter table product_new rename to product;
            alter index product_pkey rename to product_old_pkey;
            alter index product_new_pkey rename to product_pkey;
            commit;
            drop table product_old
            """
        ),
        SoakFault.Of(
            "table dropped, created and filled",
            """
            begin;
            create temp table kept on commit drop as select * from rate;
            drop table rate;
            create table rate (code text primary key, percent numeric not null, version bigint not null);
            insert into rate select code, percent + 1, version + 1000000 from kept;
            commit
            """
        ),
        SoakFault.Of(
            "view in a table's place and back",
            """
            begin;
            alter table kind rename to kind_base;
            create view kind as select code, label, version from kind_base;
            commit
            """,
            "begin; drop view kind; alter table kind_base rename to kind; commit"
        ),
    ];

    public static IReadOnlyList<SoakFault> Partitions { get; } =
    [
        SoakFault.Of(
            "partition detached and attached",
            "alter table part detach partition part_mid",
            "alter table part attach partition part_mid for values from (10) to (20)"
        ),
        SoakFault.Of(
            "partition truncated",
            "truncate part_high",
            """
            insert into part (product_id, region, quantity, version)
            select id, region, 5, 1 from product, generate_series(20, 29, 4) region on conflict do nothing
            """
        ),
        SoakFault.Of(
            "partition dropped and attached with rows",
            "drop table part_low",
            """
            begin;
            create table part_low (like part including all);
            insert into part_low (product_id, region, quantity, version) select id, 3, 33, 1 from product;
            alter table part attach partition part_low for values from (0) to (10);
            commit
            """
        ),
    ];

    public static IReadOnlyList<SoakFault> Values { get; } =
    [
        SoakFault.Of(
            "enum label renamed and back",
            "alter type product_state rename value 'held' to 'paused'",
            "alter type product_state rename value 'paused' to 'held'"
        ),
        SoakFault.Of("column rewritten to the same type", "alter table product alter name type text using upper(name)"),
        SoakFault.Of(
            "column dropped and added with another default",
            """
            alter table part drop column quantity, add column quantity int not null default 7
            """
        ),
        SoakFault.Of(
            "column added with a volatile default",
            """
            alter table kind drop column label, add column label text not null default md5(random()::text)
            """
        ),
        SoakFault.Of("table rewritten by VACUUM FULL", "vacuum full product", silent: false),
        SoakFault.Of(
            "table truncated",
            """
            begin;
            create temp table kept on commit drop as select * from kind where code <> 'k3';
            truncate kind;
            insert into kind select * from kept;
            insert into kind (code, label, version) values ('k3', 'again', 9);
            commit
            """,
            silent: false
        ),
    ];

    public static IReadOnlyList<SoakFault> Publications { get; } =
    [
        Published("publication filters rows", "part, product, rate, kind where (version > 100)"),
        Published("publication lists columns", "part, product, rate, kind (code, version)"),
        SoakFault.Of(
            "publication publishes no updates",
            "alter publication strangler set (publish = 'insert, delete, truncate')",
            "alter publication strangler set (publish = 'insert, update, delete, truncate')"
        ),
        SoakFault.Of("publication loses a table", "alter publication strangler drop table part"),
        SoakFault.Of("publication dropped", "drop publication strangler"), // the bridge creates it again: mode filtered
        SoakFault.Of(
            "identity dropped and restored",
            "alter table kind drop constraint kind_pkey",
            "alter table kind add primary key (code)",
            silent: false
        ),
    ];

    private static SoakFault Published(string name, string tables) =>
        SoakFault.Of(
            name,
            $"alter publication strangler set table {tables}",
            $"alter publication strangler set table {AllTables}"
        );
}
