using System.Text.Json;
using System.Text.RegularExpressions;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>Tables are found by their topics, whatever PostgreSQL lets a table be called.</summary>
public sealed class TableNameTests(PostgresFixture postgres)
{
    private const string Letters = "aZ09 _-.\"'\\/$%#:;,äßİıé😀名\t";
    private readonly Random _random = new(20261127);

    [Fact]
    public async Task RunAsync_TablesOfRandomNames_AreEachDescribedAndReadUnderATopicThatKafkaTakes()
    {
        var names = Enumerable
            .Range(0, 24)
            .Select(number => (Schema: Name(number % 3, 20), Table: Name(number, 40)))
            .ToList();
        names = [.. names.Select((name, number) => (names[number % 3].Schema, name.Table))];
        var sql =
            string.Concat(
                names.Select(name => name.Schema).Distinct().Select(schema => $"create schema {Quote(schema)};")
            )
            + string.Concat(
                names.Select(
                    (name, number) =>
                        $"create table {Quote(name.Schema)}.{Quote(name.Table)} (id int primary key); insert into "
                        + $"{Quote(name.Schema)}.{Quote(name.Table)} values ({number});"
                )
            );
        await using var source = await SourceDatabase.CreateAsync(postgres, sql);
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        foreach (var ((schema, table), number) in names.Select((name, number) => (name, number)))
            await source.ExecuteAsync($"insert into {Quote(schema)}.{Quote(table)} values ({number + 100})");

        var records = await bridge.CaughtUpAsync(source);

        var described = records
            .Where(record => record.Kind == LogRecordKind.Schema)
            .ToDictionary(record => record.Topic, record => TableSchema.FromJson(record.Value));
        Assert.Equal(names.Order(), described.Values.Select(schema => (schema.Schema, schema.Table)).Order());
        Assert.All(described.Keys, topic => Assert.Matches(new Regex("^[A-Za-z0-9._-]{1,249}$"), topic));
        foreach (var (topic, schema) in described)
        {
            var number = names.IndexOf((schema.Schema, schema.Table));
            Assert.Equal(
                [number, number + 100],
                records.Where(record => record.Topic == topic && record.Kind == LogRecordKind.Data).Select(Id)
            );
            Assert.Contains(records, record => record.Topic == topic && record.Kind == LogRecordKind.TableRead);
        }
    }

    [Fact]
    public async Task RunAsync_TableRenamedToATopicThatIsTaken_IsInDoubtByName()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create table \"my item\" (id int primary key)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync(
            "alter table item rename to \"my-item\"; alter table \"my-item\" rename to my_item; "
                + "insert into my_item values (1)"
        );

        var records = await bridge.RecordsAsync(records =>
            TableReplay.Of(records, "shop.public.my_item").Why is not null
        );

        var state = TableReplay.Of(records, "shop.public.my_item");
        Assert.Contains(
            "\"public\".\"my item\" and \"public\".\"my_item\" have the same topic, 'shop.public.my_item'",
            state.Why,
            StringComparison.Ordinal
        );
        Assert.Equal("", state.Rows); // the other table's rows are not written under it
    }

    private static int Id(LogRecord record)
    {
        using var value = JsonDocument.Parse(record.Value!);
        return value.RootElement.GetProperty("after").GetProperty("id").GetInt32();
    }

    // The number keeps two names from being equal once they are written as topics.
    private string Name(int number, int length)
    {
        var text = $"{number}x";
        while (System.Text.Encoding.UTF8.GetByteCount(text) < length)
        {
            var rune = Letters.EnumerateRunes().ElementAt(_random.Next(Letters.EnumerateRunes().Count()));
            text += rune.ToString();
        }
        return text;
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
