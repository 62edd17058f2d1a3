using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Outbox;

/// <summary>Rows of an outbox that no recording has, through the bridge: the connector ends on most of them.</summary>
public sealed class OutboxRunTests(PostgresFixture postgres)
{
    private const string Schema = """
        create table outbox (
            id integer primary key, aggregatetype text, aggregateid text, payload text, part integer, at timestamptz
        );
        create table item (sku text primary key);
        """;

    [Fact]
    public async Task RunAsync_RowsOfASnapshot_AreRouted()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"{Schema} insert into outbox values (1, 'order', 'a', 'x'), (2, 'order', 'b', 'y')"
        );
        await using var bridge = Start(source);

        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(["""events.order "a" "x" id=1""", """events.order "b" "y" id=2"""], Events(records));
        Assert.DoesNotContain(records, record => record.Kind == LogRecordKind.Data);
    }

    [Fact]
    public async Task RunAsync_ChangesOfAnOutbox_AreEventsOnlyWhereARowComes()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(source, ("skipped.operations", "none"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            """
            insert into outbox values (1, 'order', 'a', 'x');
            update outbox set payload = 'y';
            update outbox set id = 2;
            delete from outbox;
            truncate outbox
            """
        );
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(
            ["""events.order "a" "x" id=1""", """events.order "a" "y" __debezium.oldkey={"id":1} id=2"""],
            Events(records)
        );
        Assert.DoesNotContain(
            records,
            record => record.Kind is LogRecordKind.Data or LogRecordKind.Tombstone or LogRecordKind.Truncate
        );
        Assert.Equal(
            2,
            bridge.Said.Lines.Count(line => line.Contains("No event is written", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task RunAsync_TableWithoutTheColumns_StaysRows()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("insert into item values ('a'); delete from item");
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(
            [LogRecordKind.Data, LogRecordKind.Data, LogRecordKind.Tombstone],
            records
                .Where(record => record.Topic == "shop.public.item" && record.Kind <= LogRecordKind.Tombstone)
                .Select(record => record.Kind)
        );
        Assert.Contains("'public.item' has no column 'id', so it isn't an outbox", bridge.Said.ToString());
    }

    /// <summary>An application must not write what says which records belong to the log.</summary>
    [Fact]
    public async Task RunAsync_TopicsThatCannotBeWrittenTo_AreReportedWithTheKeyAndNotWritten()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(source, ("transforms.o.route.topic.replacement", "${routedByValue}"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            """
            insert into outbox values
                (1, '__strangler.shop', 'k1', 'x'), (2, repeat('a', 250), 'k2', 'x'), (3, 'order', 'k3', 'x'),
                (4, '__strangler.shop', 'k4', 'x')
            """
        );
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(["""order "k3" "x" id=3"""], Events(records));
        Assert.Equal(
            ["k1", "k2", "k4"],
            bridge
                .Said.Lines.Where(line => line.Contains("No event is written for the row", StringComparison.Ordinal))
                .Select(line => System.Text.RegularExpressions.Regex.Match(line, "key '\"(k.)").Groups[1].Value)
        );
    }

    [Fact]
    public async Task RunAsync_RowsThatTheRouterFailsOn_AreEvents()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(
            source,
            ("transforms.o.table.expand.json.payload", "true"),
            ("transforms.o.table.field.event.timestamp", "at"),
            ("transforms.o.table.fields.additional.placement", "part:partition")
        );
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            """
            insert into outbox values
                (1, 'order', 'a', '[1,2]', 3, '2024-02-29Z'),
                (2, null, 'b', '{"a":12345678901234567890}', -1, '1969-01-01Z'),
                (3, 'a/b', 'c', '{"a": 1}', null, 'infinity')
            """
        );
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(
            [
                """events.order "a" "[1,2]" id=1""",
                """events. "b" "{\"a\":12345678901234567890}" id=2""",
                """events.a_b "c" {"a":1} id=3""",
            ],
            Events(records)
        );
        Assert.Equal(
            [(3, "2024-02-29"), (null, ""), (null, "")],
            records
                .Where(record => record.Kind == LogRecordKind.Outbox)
                .Select(record => (record.Partition, record.Timestamp?.ToString("yyyy-MM-dd") ?? ""))
        );
    }

    /// <summary>Java's reader of JSON takes no longer text, and the payload isn't JSON.</summary>
    [Theory]
    [InlineData("JsonConverter", 20_000_003)]
    [InlineData("org.apache.kafka.connect.storage.StringConverter", 20_000_001)]
    public async Task RunAsync_PayloadLongerThanAnyJsonText_IsWhole(string converter, int length)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(
            source,
            ("value.converter", converter),
            ("transforms.o.route.tombstone.on.empty.payload", "true")
        );

        await source.ExecuteAsync("insert into outbox values (1, 'order', 'a', repeat('x', 20000001))");
        var records = await bridge.RecordsAsync(static records =>
            records.Any(record => record.Kind == LogRecordKind.Outbox)
        );

        Assert.Equal(length, Assert.Single(records, record => record.Kind == LogRecordKind.Outbox).Value?.Length);
    }

    [Fact]
    public async Task RunAsync_UpdateWhereItIsFatal_EndsTheBridge()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(source, ("transforms.o.table.op.invalid.behavior", "fatal"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("insert into outbox values (1, 'order', 'a', 'x'); update outbox set payload = 'y'");

        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );
        Assert.Equal("public.outbox", Assert.Single(exception.Faults).Path);
    }

    [Fact]
    public async Task RunAsync_AdditionalColumnThatTheTableLacks_EndsTheBridge()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Schema);
        await using var bridge = Start(source, ("transforms.o.table.fields.additional.placement", "gone:header"));

        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );
        Assert.Contains(
            "The outbox has no column 'gone', which 'table.fields.additional.placement' names.",
            Assert.Single(exception.Faults).Problem,
            StringComparison.Ordinal
        );
    }

    private static RunningBridge Start(SourceDatabase source, params (string Name, string Value)[] properties) =>
        RunningBridge.StartAsConnector(
            source,
            [
                ("table.include.list", "public.outbox,public.item"),
                ("publication.autocreate.mode", "filtered"),
                ("extended.headers.enabled", "false"),
                ("transforms", "o"),
                ("transforms.o.type", "io.debezium.transforms.outbox.EventRouter"),
                ("transforms.o.route.topic.replacement", "events.${routedByValue}"),
                .. properties,
            ]
        );

    private static IEnumerable<string> Events(IReadOnlyList<LogRecord> records) =>
        from record in records
        where record.Kind == LogRecordKind.Outbox
        let headers = record.Headers.Select(header => $"{header.Name}={header.Value}")
        select $"{record.Topic} {Text(record.Key)} {Text(record.Value)} {string.Join(' ', headers)}";

    private static string Text(byte[]? bytes) => bytes is null ? "none" : System.Text.Encoding.UTF8.GetString(bytes);
}
