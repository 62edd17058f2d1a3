namespace Strangler.CdcBridge.Tests;

/// <summary>Every known way in which a table's content changes without row events.</summary>
internal static class UnseenChanges
{
    private const string Key = "create table item (id int primary key, name text)";
    private const string A = """{"id":1,"name":"a"}""",
        B = """{"id":2,"name":"b"}""",
        C = """{"id":3,"name":"c"}""",
        D = """{"id":4,"name":"d"}""";

    private const string Parted = """
        create table item (id int primary key, name text) partition by range (id);
        create table item_1 partition of item for values from (1) to (2);
        create table item_2 partition of item for values from (2) to (3);
        insert into item values (1, 'a'), (2, 'b');
        create table more (id int primary key, name text); insert into more values (3, 'c');
        create publication strangler for table item with (publish_via_partition_root = true)
        """;

    private const string Deep = """
        create table item (id int primary key, name text) partition by range (id);
        create table item_low partition of item for values from (1) to (3) partition by range (id);
        create table item_1 partition of item_low for values from (1) to (2);
        create table item_2 partition of item_low for values from (2) to (3);
        insert into item values (1, 'a'), (2, 'b');
        create publication strangler for table item with (publish_via_partition_root = true)
        """;

    private const string Moods =
        "create type mood as enum ('sad', 'ok'); create table item (id int primary key, name mood); insert into "
        + "item values (1, 'sad'), (2, 'ok')";

    private const string Pairs =
        "create type pair as (x int, y int); create table item (id int primary key, name pair); insert into item "
        + "values (1, row(1, 2))";

    public static IReadOnlyList<UnseenChange> All { get; } =
    [
        // A table that is gone, or another one under its name.
        new UnseenChange("renamed")
            .Doubt("alter table item rename to item_old", "public.item", "no longer exists", "public.item_old")
            .Rows("alter table item_old rename to item;;insert into item values (3, 'c')", A, B, C),
        new UnseenChange("renamed, bridge owns nothing") { Lean = true }
            .Doubt("alter table item rename to item_old", "no longer exists")
            .Rows("alter table item_old rename to item", A, B),
        new UnseenChange("moved")
            .Doubt("create schema other; alter table item set schema other", "no longer exists", "other.item")
            .Rows("alter table other.item set schema public", A, B),
        new UnseenChange("dropped")
            .Doubt("drop table item", "no longer exists")
            .Rows($"{Key}; insert into item values (4, 'd')", D),
        new UnseenChange("reloaded")
            .Rows($"begin; drop table item; {Key}; insert into item values (3, 'c'); commit", C)
            .Rows("insert into item values (4, 'd');;delete from item where id = 3", D),
        new UnseenChange("reloaded, bridge owns nothing") { Lean = true }
            .Doubt(
                $"begin; drop table item; {Key}; insert into item values (3, 'c'); commit",
                "ALTER PUBLICATION \"strangler\" ADD TABLE \"public\".\"item\"",
                "GRANT SELECT ON \"public\".\"item\" TO \"{login}\""
            )
            .Doubt(
                "ALTER PUBLICATION \"strangler\" ADD TABLE \"public\".\"item\"",
                "GRANT SELECT ON \"public\".\"item\" TO \"{login}\""
            )
            .Rows("GRANT SELECT ON \"public\".\"item\" TO \"{login}\"", C),
        new UnseenChange("reloaded without a key")
            .Doubt(
                "begin; drop table item; create table item (id int, name text); insert into item values (1, 'x'); "
                    + "commit;;update item set name = 'c';;update item set id = 3",
                "replica identity",
                "ADD PRIMARY KEY"
            )
            .Rows("alter table item add primary key (id)", C),
        new UnseenChange("swapped")
            .Rows(
                "create table item_new (id int primary key, name text); insert into item_new values (3, 'c');;begin;"
                    + " alter table item rename to item_old; alter table item_new rename to item; commit",
                C
            )
            .Rows("insert into item_old values (9, 'z');;insert into item values (4, 'd')", C, D),
        new UnseenChange("swapped, bridge owns nothing") { Lean = true }
            .Doubt(
                "create table item_new (id int primary key, name text); insert into item_new values (3, 'c');;begin;"
                    + " alter table item rename to item_old; alter table item_new rename to item; commit",
                "ALTER PUBLICATION"
            )
            .Rows("alter publication strangler add table item; grant select on item to {login}", C)
            .Rows("insert into item_old values (9, 'z');;insert into item values (4, 'd')", C, D),
        new UnseenChange("view in its place")
            .Doubt(
                "begin; alter table item rename to item_old; create view item as select * from item_old; commit",
                "is a view"
            )
            .Rows("begin; drop view item; alter table item_old rename to item; commit", A, B),
        new UnseenChange("truncated and filled").Rows(
            "begin; truncate item; insert into item values (3, 'c'); commit",
            C
        ),
        new UnseenChange("unlogged for a while") { Lean = true }
            .Doubt(
                "alter publication strangler drop table item;;alter table item set unlogged;;insert into item "
                    + "values (3, 'c')",
                "is unlogged",
                "SET LOGGED"
            )
            .Rows("alter table item set logged;;alter publication strangler add table item", A, B, C),
        new UnseenChange("renamed for a moment").Rows(
            "alter table item rename to item_old;;update item_old set name = 'c' where id = 1;;alter table item_old "
                + "rename to item",
            """{"id":1,"name":"c"}""",
            B
        ),
        new UnseenChange("schema renamed for a moment").Rows(
            "alter schema public rename to private;;update private.item set name = 'c' where id = 1;;alter schema "
                + "private rename to public",
            """{"id":1,"name":"c"}""",
            B
        ),
        // Partitions.
        new UnseenChange("partition attached", Parted)
            .Rows("alter table item attach partition more for values from (3) to (4)", A, B, C)
            .Rows(
                "insert into item values (3, 'd') on conflict (id) do update set name = 'd'",
                A,
                B,
                """{"id":3,"name":"d"}"""
            ),
        new UnseenChange("partition detached", Parted).Rows("alter table item detach partition item_1", B),
        new UnseenChange("partition detached for a moment", Parted).Rows(
            "alter table item detach partition item_1;;update item_1 set name = 'c';;alter table item attach "
                + "partition item_1 for values from (1) to (2)",
            """{"id":1,"name":"c"}""",
            B
        ),
        new UnseenChange("partition dropped", Parted).Rows("drop table item_2", A),
        new UnseenChange("partition truncated", Parted).Rows("truncate item_1", B),
        new UnseenChange("partition rewritten", Parted).Rows(
            "truncate item_1;;insert into item values (1, 'c')",
            """{"id":1,"name":"c"}""",
            B
        ),
        new UnseenChange("partition of a partition truncated", Deep).Rows("truncate item_1", B),
        new UnseenChange("partition of a partition detached", Deep).Rows(
            "alter table item_low detach partition item_2",
            A
        ),
        new UnseenChange("partitions no longer under their root", Parted)
            .Doubt(
                "alter publication strangler set (publish_via_partition_root = false);;delete from item where id = 1",
                "publish_via_partition_root = true"
            )
            .Rows("alter publication strangler set (publish_via_partition_root = true)", B),
        new UnseenChange("unlogged partition", Parted)
            .Doubt("create unlogged table quick partition of item for values from (5) to (6)", "quick")
            .Rows("drop table quick", A, B),
        new UnseenChange("inherited")
            .Doubt(
                "create table child () inherits (item); insert into child values (3, 'c')",
                "inherit",
                "public.child"
            )
            .Rows("drop table child", A, B),
        // Values rewritten.
        new UnseenChange("enum label renamed", Moods).Rows(
            "alter type mood rename value 'sad' to 'blue'",
            """{"id":1,"name":"blue"}""",
            B.Replace("\"b\"", "\"ok\"", StringComparison.Ordinal)
        ),
        new UnseenChange("enum label renamed for a moment", Moods).Rows(
            "alter type mood rename value 'sad' to 'blue';;update item set name = 'blue' where id = 2;;alter type "
                + "mood rename value 'blue' to 'sad'",
            """{"id":1,"name":"sad"}""",
            """{"id":2,"name":"sad"}"""
        ),
        new UnseenChange("enum label added", Moods).Rows(
            "alter type mood add value 'fine' before 'ok'",
            """{"id":1,"name":"sad"}""",
            """{"id":2,"name":"ok"}"""
        ),
        new UnseenChange("same type, other values").Rows(
            "alter table item alter column name type text using upper(name)",
            """{"id":1,"name":"A"}""",
            """{"id":2,"name":"B"}"""
        ),
        new UnseenChange("vacuum full").Rows("delete from item where id = 1;;vacuum full item", B),
        new UnseenChange("collation").Rows("alter table item alter column name type text collate \"C\"", A, B),
        new UnseenChange(
            "domain",
            "create domain word as text; create table item (id int primary key, name word); insert into item values "
                + "(1, 'a'), (2, 'b')"
        ).Rows("alter domain word add constraint short check (length(value) < 9)", A, B),
        new UnseenChange("composite type", Pairs).Rows(
            "alter type pair add attribute z int",
            """{"id":1,"name":"(1,2,)"}"""
        ),
        new UnseenChange(
            "array of a composite type",
            Pairs
                .Replace("name pair", "name pair[]", StringComparison.Ordinal)
                .Replace("row(1, 2)", "array[row(1, 2)::pair]", StringComparison.Ordinal)
        ).Rows("alter type pair drop attribute y", """{"id":1,"name":["(1)"]}"""),
        new UnseenChange(
            "enum in a domain in a composite type",
            """
            create type mood as enum ('sad', 'ok');
            create domain state as mood;
            create type pair as (x int, y state);
            create table item (id int primary key, name pair);
            insert into item values (1, row(1, 'sad'))
            """
        ).Rows("alter type mood rename value 'sad' to 'blue'", """{"id":1,"name":"(1,blue)"}"""),
        new UnseenChange("volatile default").Rows(
            "create sequence s; alter table item add column n bigint default nextval('s')",
            """{"id":1,"name":"a","n":1}""",
            """{"id":2,"name":"b","n":2}"""
        ),
        new UnseenChange("generated column")
            .Rows("alter table item add column loud text generated always as (upper(name)) stored", A, B)
            .Rows(
                "alter table item alter column loud drop expression",
                """{"id":1,"name":"a","loud":"A"}""",
                """{"id":2,"name":"b","loud":"B"}"""
            ),
        new UnseenChange("column renamed").Rows(
            "alter table item rename column name to title",
            """{"id":1,"title":"a"}""",
            """{"id":2,"title":"b"}"""
        ),
        new UnseenChange("column dropped").Rows("alter table item drop column name", """{"id":1}""", """{"id":2}"""),
        new UnseenChange("column added").Rows(
            "alter table item add column n int default 5",
            """{"id":1,"name":"a","n":5}""",
            """{"id":2,"name":"b","n":5}"""
        ),
        // What a publication excludes.
        new UnseenChange("row filter")
            .Doubt(
                "alter publication strangler set table item where (id > 1);;delete from item where id = 1",
                "row filter"
            )
            .Doubt(
                "alter publication strangler set table item where (id > 5);;insert into item values (3, 'c')",
                "row filter"
            )
            .Rows("alter publication strangler set table item", B, C),
        new UnseenChange("column list")
            .Doubt(
                "alter publication strangler set table item (id);;update item set name = 'c' where id = 1",
                "column list"
            )
            .Rows("alter publication strangler set table item", """{"id":1,"name":"c"}""", B),
        new UnseenChange("operations narrowed")
            .Doubt(
                "alter publication strangler set (publish = 'insert, update');;delete from item where id = 1",
                "every kind of change",
                "ALTER PUBLICATION"
            )
            .Rows("alter publication strangler set (publish = 'insert, update, delete, truncate')", B),
        new UnseenChange("operations narrowed and widened at once").Rows(
            "alter publication strangler set (publish = 'insert, update');;delete from item where id = 1;;alter "
                + "publication strangler set (publish = 'insert, update, delete, truncate')",
            B
        ),
        new UnseenChange("taken out of the publication").Rows(
            "alter publication strangler drop table item;;insert into item values (3, 'c')",
            A,
            B,
            C
        ),
        new UnseenChange("taken out of the publication, bridge owns nothing") { Lean = true }
            .Doubt(
                "alter publication strangler drop table item;;insert into item values (3, 'c')",
                "ALTER PUBLICATION \"strangler\" ADD TABLE \"public\".\"item\""
            )
            .Rows("alter publication strangler add table item", A, B, C),
        new UnseenChange("taken out and put back at once") { Lean = true }.Rows(
            "alter publication strangler drop table item;;insert into item values (3, 'c');;alter publication "
                + "strangler add table item",
            A,
            B,
            C
        ),
        new UnseenChange("publication dropped").Rows(
            "drop publication strangler;;insert into item values (3, 'c')",
            A,
            B,
            C
        ),
        new UnseenChange("publication dropped, bridge owns nothing") { Lean = true }
            .Doubt("drop publication strangler", "CREATE PUBLICATION \"strangler\" FOR TABLE \"public\".\"item\"")
            .Rows("create publication strangler for table item", A, B),
        new UnseenChange("publication made again, changes in between") { Lean = true }
            .Rows(
                "drop publication strangler;;insert into item values (3, 'c');;"
                    + "create publication strangler for table item",
                A,
                B,
                C
            )
            .Rows("insert into item values (4, 'd')", A, B, C, D),
        new UnseenChange("row-level security") { Lean = true }
            .Doubt("alter table item enable row level security", "row-level security", "{login}")
            .Rows("alter table item disable row level security;;insert into item values (3, 'c')", A, B, C),
        new UnseenChange("grants revoked") { Lean = true }
            .Doubt(
                "revoke select on item from {login};;alter table item add column n int default 5",
                "GRANT SELECT ON \"public\".\"item\" TO \"{login}\""
            )
            .Rows("grant select on item to {login}", """{"id":1,"name":"a","n":5}""", """{"id":2,"name":"b","n":5}"""),
        // Keys and identities.
        new UnseenChange("identity full").Rows("alter table item replica identity full", A, B),
        new UnseenChange("identity nothing")
            .Doubt("alter table item replica identity nothing", "UPDATE and DELETE", "REPLICA IDENTITY DEFAULT")
            .Rows(
                "alter table item replica identity default;;update item set name = 'c' where id = 1",
                """{"id":1,"name":"c"}""",
                B
            ),
        new UnseenChange("key taken away")
            .Doubt("alter table item drop constraint item_pkey", "UPDATE and DELETE", "ADD PRIMARY KEY")
            .Rows("alter table item add primary key (id)", A, B),
        new UnseenChange("key taken away, table leaves the publication") { OnIdentityLoss = "drop-from-publication" }
            .Doubt("alter table item drop constraint item_pkey", "ADD PRIMARY KEY")
            .Doubt("update item set name = 'c' where id = 1", "ADD PRIMARY KEY")
            .Rows("alter table item add primary key (id)", """{"id":1,"name":"c"}""", B),
        new UnseenChange("key taken away, bridge may not fix it")
        {
            Lean = true,
            OnIdentityLoss = "drop-from-publication",
        }
            .Doubt(
                "alter table item drop constraint item_pkey",
                "ALTER PUBLICATION \"strangler\" DROP TABLE \"public\".\"item\""
            )
            .Rows("alter table item add primary key (id)", A, B),
        new UnseenChange(
            "another key",
            "create table item (id int primary key, name text not null); insert into item values (1, 'a'), (2, 'b')"
        ).Rows("alter table item drop constraint item_pkey, add primary key (name)", A, B),
    ];
}
