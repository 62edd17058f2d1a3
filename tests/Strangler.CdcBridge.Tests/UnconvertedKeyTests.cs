using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// In an encoding with several bytes per character, a session without the server's conversion reads only ASCII. A row
/// whose key such a session and another one would write differently has one key in the log, or its table is in doubt.
/// </summary>
public sealed class UnconvertedKeyTests(PostgresFixture postgres)
{
    /// <summary>It has no equivalent in UTF-8.</summary>
    private const string Bad = "convert_from(decode('a9a1', 'hex'), 'SQL_ASCII')";

    private const string Tables = """
        create table item (code text primary key, id int not null);
        create table note (id int primary key, name text);
        create table plain (id int primary key, name text)
        """;

    private const string Word = "can't be read again so far";

    /// <summary>
    /// The snapshot finds bytes without an equivalent: keys are text nevertheless, as the stream writes them.
    /// </summary>
    [Fact]
    public async Task RunAsync_SnapshotWithoutConversion_KeysAreTheStreams()
    {
        await using var source = await CreateAsync($"insert into item values ('あ', 1), ('い', 2), ('a', 3)");
        await source.ExecuteAsync($"insert into note values (1, {Bad})");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("update item set id = id + 10 where code = 'あ'; delete from item where code = 'い'");
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal("""{"code":"a","id":3} {"code":"あ","id":11}""", Of(records, "item").ToString());
        Assert.Equal("""{"id":1,"name":"\\xa9a1"}""", Of(records, "note").ToString());
        AssertOneKeyARow(records);
        Assert.DoesNotContain(records, record => record.Kind == LogRecordKind.TableDoubt);
    }

    /// <summary>
    /// One transaction has a value without an equivalent, and a key that isn't ASCII: the table is in doubt from that
    /// transaction on, and is read again.
    /// </summary>
    [Theory]
    [InlineData("update item set id = 11 where code = 'あ'", """{"code":"あ","id":11}""")]
    [InlineData("delete from item where code = 'あ'", "")]
    [InlineData("insert into item values ('い', 2)", """{"code":"あ","id":1} {"code":"い","id":2}""")]
    [InlineData("update item set code = 'い'", """{"code":"い","id":1}""")]
    [InlineData("update item set code = 'a'", """{"code":"a","id":1}""")]
    public async Task RunAsync_KeyInAStreamWithoutConversion_IsInDoubtUntilItIsReadAgain(string change, string rows)
    {
        await using var source = await CreateAsync(
            "insert into item values ('あ', 1); insert into plain values (1, 'あ')"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync($"insert into note values (1, {Bad}); {change}");
        await bridge.CaughtUpAsync(source);
        var records = await bridge.RecordsAsync(records => !Of(records, "item").IsInDoubt);
        await source.ExecuteAsync("insert into plain values (2, 'い'); insert into item values ('う', 3)");
        var later = await bridge.CaughtUpAsync(source);

        Assert.Equal(rows, Of(records, "item").Rows);
        Assert.Contains(records, record => record.Kind == LogRecordKind.Schema && IsInDoubt(record));
        AssertOneKeyARow(later);
        Assert.Equal("""{"id":1,"name":"あ"} {"id":2,"name":"い"}""", Of(later, "plain").ToString());
        Assert.EndsWith("""{"code":"う","id":3}""", Of(later, "item").ToString(), StringComparison.Ordinal);
    }

    /// <summary>A table is read again, and only a session without conversion can read it: its keys are text.</summary>
    [Fact]
    public async Task RunAsync_ReadAgainWithoutConversion_KeysAreTheStreams()
    {
        await using var source = await CreateAsync($"insert into note values (1, {Bad})");
        await source.ExecuteAsync(
            $"""
            create table mixed (code text primary key, id int not null, name text);
            insert into mixed values ('あ', 1, {Bad}), ('い', 2, 'う')
            """
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync("alter table mixed add column qty int not null default 5");
        await bridge.RecordsAsync(records =>
            Of(records, "mixed") is { IsInDoubt: false } mixed && mixed.Rows.Contains("qty", StringComparison.Ordinal)
        );

        await source.ExecuteAsync("update mixed set name = 'え' where id = 1; delete from mixed where id = 2");
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal("""{"code":"あ","id":1,"name":"え","qty":5}""", Of(records, "mixed").ToString());
        AssertOneKeyARow(records);
    }

    /// <summary>
    /// A key itself has no equivalent: nobody knows which text a session would make of the others, so the table stays
    /// in doubt, with one message, until it is fixed. Everything else continues, as text.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_KeyWithoutAnEquivalent_StaysInDoubtUntilItIsMended(bool fromTheStart)
    {
        await using var source = await CreateAsync("insert into item values ('あ', 1)");
        if (fromTheStart)
            await source.ExecuteAsync($"insert into item values ({Bad}, 2)");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        if (!fromTheStart)
            await source.ExecuteAsync($"insert into item values ({Bad}, 2)");
        await bridge.RecordsAsync(records => Of(records, "item").Why?.Contains(Word, StringComparison.Ordinal) is true);
        for (var id = 1; id <= 5; id++)
        {
            await source.ExecuteAsync(
                $"insert into plain values ({id}, 'あ'); insert into item values ('い{id}', 1{id})"
            );
            await bridge.CaughtUpAsync(source);
        }
        var doubted = await bridge.RecordsAsync(_ => true);

        await source.ExecuteAsync("delete from item where id = 2");
        var records = await bridge.RecordsAsync(records => !Of(records, "item").IsInDoubt);

        var why = Of(doubted, "item").Why;
        Assert.Contains("A key of it has no equivalent in UTF-8", why, StringComparison.Ordinal);
        Assert.Contains("0xa9 0xa1", why, StringComparison.Ordinal);
        Assert.Contains(
            "SELECT convert_to(\"code\"::text, 'UTF8') FROM \"public\".\"item\"",
            why,
            StringComparison.Ordinal
        );
        Assert.Equal(
            string.Join(' ', Enumerable.Range(1, 5).Select(id => $$"""{"id":{{id}},"name":"あ"}""")),
            Of(doubted, "plain").ToString()
        );
        Assert.Equal(
            string.Join(
                ' ',
                (string[])
                    [
                        """{"code":"あ","id":1}""",
                        .. Enumerable.Range(1, 5).Select(id => $$"""{"code":"い{{id}}","id":1{{id}}}"""),
                    ]
            ),
            Of(records, "item").ToString()
        );
        AssertOneKeyARow(records);
        Assert.Single(bridge.Said.Lines, line => line.Contains(Word, StringComparison.Ordinal));
    }

    /// <summary>
    /// A session without conversion receives the names of tables and columns as bytes too: no row is skipped.
    /// </summary>
    [Theory]
    [InlineData("品", "番号", "update 品 set v = 2 where 番号 = 1")]
    [InlineData("品", "番号", "insert into 品 values (2, 2)")]
    [InlineData("goods", "番号", "update goods set v = 2")]
    public async Task RunAsync_NamesInAStreamWithoutConversion_AreTheCatalogues(string table, string key, string change)
    {
        await using var source = await CreateAsync(
            $"create table {table} ({key} int primary key, v int); insert into {table} values (1, 1)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync($"insert into note values (1, {Bad}); {change}");
        var records = await bridge.CaughtUpAsync(source);

        var rows = await source.ScalarAsync<string>(
            $$"""select string_agg(format('{"{{key}}":%s,"v":%s}', {{key}}, v), ' ' order by {{key}}) from {{table}}"""
        );
        Assert.Equal(rows, Of(records, table == "goods" ? table : "_").ToString());
    }

    private static TableReplay Of(IReadOnlyList<LogRecord> records, string table) =>
        TableReplay.Of(records, $"{RunningBridge.Prefix}.public.{table}");

    private static bool IsInDoubt(LogRecord record) =>
        record.Topic.EndsWith(".item", StringComparison.Ordinal)
        && Strangler.ChangeLog.Tables.TableSchema.FromJson(record.Value).InDoubt;

    /// <summary>Whenever the table may be answered from, no two keys belong to one row.</summary>
    private static void AssertOneKeyARow(IReadOnlyList<LogRecord> records)
    {
        foreach (var (index, record) in records.Index())
        {
            if (
                index + 1 < records.Count
                && (records[index + 1].Position.Epoch, records[index + 1].Position.Commit)
                    == (record.Position.Epoch, record.Position.Commit)
            )
                continue; // readers see whole transactions
            if (Of([.. records.Take(index + 1)], "item") is not { IsRead: true, IsInDoubt: false } item)
                continue;
            using var rows = JsonDocument.Parse($"[{item.Rows.Replace("} {", "},{", StringComparison.Ordinal)}]");
            var ids = rows.RootElement.EnumerateArray().Select(row => row.GetProperty("id").GetInt32()).ToList();
            Assert.True(ids.Distinct().Count() == ids.Count, $"A row has two keys at {record.Position}: {item}");
        }
    }

    private async Task<SourceDatabase> CreateAsync(string rows) =>
        await SourceDatabase.CreateAsync(postgres, "EUC_JP", $"{Tables}; {rows}");
}
