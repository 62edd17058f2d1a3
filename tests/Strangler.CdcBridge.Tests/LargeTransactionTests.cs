using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>A transaction larger than an append: chunks that nobody sees before its commit.</summary>
public sealed class LargeTransactionTests(PostgresFixture postgres)
{
    [Fact]
    public Task Transaction_Of100000Rows_ComesInBoundedChunksAndAllAtOnce() => RunAsync(100_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Transaction_Of500000Rows_ComesInBoundedChunksAndAllAtOnce() => RunAsync(500_000);

    private async Task RunAsync(int rows)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, v text)"
        );
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            log.EndBehind(append => append.Through is null && log.Chunks == 3);
            await source.ExecuteAsync($"insert into item select g, 'row ' || g from generate_series(1, {rows}) g");
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                first.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );
        }

        await using var second = RunningBridge.Start(source, log);
        var records = await second.RecordsAsync(records => records.Count > rows);

        var data = records.Where(record => record.Kind == LogRecordKind.Data).ToList();
        Assert.Equal(rows, data.Count);
        Assert.Equal(Enumerable.Range(0, rows), data.Select(record => record.Position.Ordinal));
        Assert.Single(data.Select(record => record.Position.Commit).Distinct());
        Assert.True(
            log.LargestAppend <= Strangler.CdcBridge.Events.AppendBatch.MaxRecords,
            $"An append had {log.LargestAppend} records."
        );
        Assert.True(log.Chunks >= rows / Strangler.CdcBridge.Events.AppendBatch.MaxRecords);
    }
}
