using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>Each kind of change, as the log has it.</summary>
public sealed class ChangeTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Changes_OfEveryKindAndIdentity_AreDebeziumsRecords()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (a int, b text, v int, primary key (b, a));
            create table whole (id int primary key, v text);
            alter table whole replica identity full;
            create table by_index (id int, code text not null, v int);
            create unique index by_index_code on by_index (code);
            alter table by_index replica identity using index by_index_code;
            create table no_key (v int);
            alter table no_key replica identity full
            """
        );
        await using var bridge = RunningBridge.Start(source);
        var before = (await bridge.CaughtUpAsync(source)).Count;

        await source.ExecuteAsync("insert into item values (1, 'x', 1)");
        await source.ExecuteAsync("update item set v = 2");
        await source.ExecuteAsync("update item set b = 'y'");
        await source.ExecuteAsync("delete from item");
        await source.ExecuteAsync("insert into whole values (1, 'one')");
        await source.ExecuteAsync("update whole set v = 'uno'");
        await source.ExecuteAsync("update whole set id = 2");
        await source.ExecuteAsync("delete from whole");
        await source.ExecuteAsync("insert into by_index values (1, 'c1', 1)");
        await source.ExecuteAsync("update by_index set v = 2");
        await source.ExecuteAsync("update by_index set code = 'c2'");
        await source.ExecuteAsync("delete from by_index");
        await source.ExecuteAsync("insert into no_key values (1)");
        await source.ExecuteAsync("update no_key set v = 2");
        await source.ExecuteAsync("delete from no_key");
        await source.ExecuteAsync("truncate whole, item");
        // A truncated table has another file, and is read again once the watch has seen that, before or after this
        // check.
        var records = (await bridge.CaughtUpAsync(source))
            .Skip(before)
            .Where(record => record.Kind is not (LogRecordKind.Schema or LogRecordKind.TableRead))
            .ToList();

        Assert.Equal(
            [
                """c item {"b":"x","a":1} null {"a":1,"b":"x","v":1}""",
                """u item {"b":"x","a":1} null {"a":1,"b":"x","v":2}""",
                """d item {"b":"x","a":1} {"a":1,"b":"x","v":null} null __debezium.newkey={"b":"y","a":1}""",
                """tombstone item {"b":"x","a":1} __debezium.newkey={"b":"y","a":1}""",
                """c item {"b":"y","a":1} null {"a":1,"b":"y","v":2} __debezium.oldkey={"b":"x","a":1}""",
                """d item {"b":"y","a":1} {"a":1,"b":"y","v":null} null""",
                """tombstone item {"b":"y","a":1}""",
                """c whole {"id":1} null {"id":1,"v":"one"}""",
                """u whole {"id":1} {"id":1,"v":"one"} {"id":1,"v":"uno"}""",
                """d whole {"id":1} {"id":1,"v":"uno"} null __debezium.newkey={"id":2}""",
                """tombstone whole {"id":1} __debezium.newkey={"id":2}""",
                """c whole {"id":2} null {"id":2,"v":"uno"} __debezium.oldkey={"id":1}""",
                """d whole {"id":2} {"id":2,"v":"uno"} null""",
                """tombstone whole {"id":2}""",
                """c by_index {"code":"c1"} null {"id":1,"code":"c1","v":1}""",
                """u by_index {"code":"c1"} null {"id":1,"code":"c1","v":2}""",
                """d by_index {"code":"c1"} {"id":null,"code":"c1","v":null} null __debezium.newkey={"code":"c2"}""",
                """tombstone by_index {"code":"c1"} __debezium.newkey={"code":"c2"}""",
                """c by_index {"code":"c2"} null {"id":1,"code":"c2","v":2} __debezium.oldkey={"code":"c1"}""",
                """d by_index {"code":"c2"} {"id":null,"code":"c2","v":null} null""",
                """tombstone by_index {"code":"c2"}""",
                """c no_key - null {"v":1}""",
                """u no_key - {"v":1} {"v":2}""",
                """d no_key - {"v":2} null""",
            ],
            Written.All(records.SkipLast(2))
        );
        Assert.Equal(["t item - null null", "t whole - null null"], Written.All(records.TakeLast(2)).Order());
    }

    [Fact]
    public async Task Update_WithValuesThatWereNotSent_HasThePlaceholderOrTheOldValue()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table wide (id int primary key, small text, big text, bin bytea, arr text[]);
            alter table wide
                alter big set storage external, alter bin set storage external, alter arr set storage external;
            create table whole (id int primary key, small text, big text);
            alter table whole alter big set storage external;
            alter table whole replica identity full;
            insert into wide values
                (1, 's', repeat('x', 9000), decode(repeat('ab', 9000), 'hex'), array[repeat('y', 9000)]);
            insert into whole values (1, 's', repeat('z', 9000))
            """
        );
        await using var bridge = RunningBridge.Start(source);
        var before = (await bridge.CaughtUpAsync(source)).Count;

        await source.ExecuteAsync("update wide set small = 't'");
        await source.ExecuteAsync("update wide set id = 2");
        await source.ExecuteAsync("update whole set small = 't'");
        var records = (await bridge.CaughtUpAsync(source)).Skip(before).ToList();

        const string NotSent = "__debezium_unavailable_value";
        var after = After(records[0]);
        Assert.Equal(NotSent, after.GetProperty("big").GetString());
        Assert.Equal("X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==", after.GetProperty("bin").GetString());
        Assert.Equal(NotSent, after.GetProperty("arr").GetString());
        Assert.Equal(NotSent, After(records[3]).GetProperty("big").GetString());
        Assert.Equal(new string('z', 9000), After(records[4]).GetProperty("big").GetString());
        Assert.Equal("__strangler.unavailable=[\"big\",\"bin\",\"arr\"]", Headers(records[0]));
        Assert.Equal(
            "__debezium.oldkey={\"id\":1} __strangler.unavailable=[\"big\",\"bin\",\"arr\"]",
            Headers(records[3])
        );
        Assert.Equal("", Headers(records[4]));
    }

    [Fact]
    public async Task Record_PlaceholderTypedByAUser_IsToldFromAValueThatWasNotSent()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table wide (id int primary key, small text, big text, bin bytea);
            alter table wide alter big set storage external;
            insert into wide values
                (1, '__debezium_unavailable_value', repeat('x', 9000), '__debezium_unavailable_value')
            """
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("update wide set bin = 'b'");
        await source.ExecuteAsync("update wide set small = 's'");
        await source.ExecuteAsync("insert into wide values (2, 's', '__debezium_unavailable_value', null)");
        await source.ExecuteAsync("insert into wide values (3, 's', 'see __debezium_unavailable_value', null)");
        var records = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        Assert.Equal(
            [
                "__strangler.unavailable=[]",
                "__strangler.unavailable=[\"big\"]",
                "__strangler.unavailable=[\"big\"]",
                "__strangler.unavailable=[]",
                "",
            ],
            records.Select(Headers)
        );
    }

    /// <summary>A key that is stored out of line is sent only with the old key if it doesn't change.</summary>
    [Fact]
    public async Task Update_KeyStoredOutOfLine_IsStillTheKey()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table wide (id text primary key, small text, filler text);
            alter table wide alter id set storage external, alter filler set storage plain;
            insert into wide
            select (select string_agg(md5(n::text), '') from generate_series(1, 75) n), 's', repeat('f', 1500)
            """
        );
        await using var bridge = RunningBridge.Start(source);
        var before = await bridge.CaughtUpAsync(source);
        var read = before.Single(record => record.Kind == LogRecordKind.Data);

        await source.ExecuteAsync("update wide set small = 't'");
        var records = (await bridge.CaughtUpAsync(source)).Skip(before.Count).ToList();

        var updated = Assert.Single(records);
        Assert.Equal(read.Key, updated.Key);
        Assert.Equal(After(read).GetProperty("id").GetString(), After(updated).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Transaction_WithRolledBackParts_BringsOnlyWhatCommitted()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        var before = (await bridge.CaughtUpAsync(source)).Count;

        await source.ExecuteAsync("begin; insert into item values (1); rollback");
        await source.ExecuteAsync(
            "begin; insert into item values (2); savepoint s; insert into item values (3); savepoint t; "
                + "insert into item values (4); rollback to s; insert into item values (5); release s; "
                + "insert into item values (6); commit"
        );
        var records = (await bridge.CaughtUpAsync(source)).Skip(before).ToList();

        Assert.Equal(
            ["""{"id":2}""", """{"id":5}""", """{"id":6}"""],
            records.Select(record => System.Text.Encoding.UTF8.GetString(record.Key!))
        );
        Assert.Single(records.Select(record => record.Position.Commit).Distinct());
        Assert.Equal([0, 1, 2], records.Select(record => record.Position.Ordinal));
        var top = await source.ScalarAsync<string>("select min(xmin::text::bigint)::text from item");
        Assert.Equal(top, $"{records[0].Xid & 0xFFFFFFFF}");
        Assert.Single(records.Select(record => record.Xid).Distinct());
    }

    [Fact]
    public async Task Names_OfEveryKind_AreEscapedAndSanitised()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """"
            create schema "Other Schema";
            create table "Other Schema"."Weird ""Table"""
                ("Key Col" int primary key, "select" text, "naïve😀" text, "a.b" text, "q""t" text);
            insert into "Other Schema"."Weird ""Table""" values (1, E'line\n"quoted" \\ \x01', 'ï', '😀', '')
            """"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(""""update "Other Schema"."Weird ""Table""" set "q""t" = 'x'"""");
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(["shop.Other_Schema.Weird__Table_"], records.Select(record => record.Topic).Distinct());
        Assert.Equal(
            "{\"Key Col\":1,\"select\":\"line\\n\\\"quoted\\\" \\\\ \\u0001\",\"naïve😀\":\"ï\",\"a.b\":\"😀\","
                + "\"q\\\"t\":\"x\"}",
            After(records[^1]).GetRawText()
        );
    }

    [Fact]
    public async Task Heartbeat_OnAnIdleSource_MovesTheLogsEndAndItsClock()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        var count = (await bridge.CaughtUpAsync(source)).Count;
        var now = await source.ScalarAsync<DateTime>("select clock_timestamp()");
        var confirmed = await source.ScalarAsync<string>(
            $"select confirmed_flush_lsn::text from pg_replication_slots where slot_name = '{source.Slot}'"
        );

        await bridge.RecordsAsync(_ =>
            bridge
                .Log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken)
                .GetAwaiter()
                .GetResult()!
                .At > now
        );
        await bridge.RecordsAsync(_ =>
            source
                .ScalarAsync<bool>(
                    $"select confirmed_flush_lsn > '{confirmed}' from pg_replication_slots "
                        + $"where slot_name = '{source.Slot}'"
                )
                .GetAwaiter()
                .GetResult()
        );

        Assert.Equal(count, (await bridge.CaughtUpAsync(source)).Count);
    }

    private static string Headers(LogRecord record) =>
        string.Join(' ', record.Headers.Select(header => $"{header.Name}={header.Value}"));

    internal static JsonElement After(LogRecord record) =>
        JsonDocument.Parse(record.Value!).RootElement.GetProperty("after");
}
