using Strangler.CdcBridge.Events;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What the log has of tables whose rows the first snapshot doesn't read.</summary>
public sealed class SnapshotModeTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_NoTableIsRead_TheLogDescribesEach()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (id int primary key);
            create table part (id int primary key);
            insert into item values (1);
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("snapshot.mode", "no_data"));

        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(
            ["shop.public.item", "shop.public.part"],
            records.Where(record => record.Kind == LogRecordKind.Schema).Select(record => record.Topic)
        );
        Assert.DoesNotContain(records, record => record.Kind == LogRecordKind.Data);
    }

    [Fact]
    public async Task RunAsync_MoreTablesThanAnAppendHasRecords_DescribesThemInSeveral()
    {
        const int tables = AppendBatch.MaxRecords + 100;
        await using var source = await SourceDatabase.CreateAsync(postgres, "select");
        foreach (var some in Enumerable.Range(1, tables).Chunk(300)) // a transaction has few locks
            await source.ExecuteAsync(string.Concat(some.Select(n => $"create table t_{n} (id int primary key);")));
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using var bridge = RunningBridge.StartAsConnector(source, log, ("snapshot.mode", "no_data"));

        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(tables, records.Count(record => record.Kind == LogRecordKind.Schema));
        Assert.InRange(log.LargestAppend, 1, AppendBatch.MaxRecords);
    }
}
