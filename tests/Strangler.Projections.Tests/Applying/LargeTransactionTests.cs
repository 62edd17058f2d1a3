using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.Projections.Configuration;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class LargeTransactionTests(PostgresFixture postgres)
{
    private const int PageRows = 2_000;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public Task StepAsync_TransactionOf20000Rows_IsInvisibleUntilItsEnd() => RunAsync(20_000);

    /// <summary>
    /// In the end-to-end tests 500,000 rows pass through all processes under a heap limit. This test shows that the
    /// applier's memory doesn't grow with the transaction.
    /// </summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task StepAsync_TransactionOf150000Rows_IsInvisibleUntilItsEndAndStaysSmall()
    {
        var most = await RunAsync(150_000);

        // The test's own log holds every record in memory; the test measures what the applier adds to that.
        Assert.True(most < 100L << 20, $"The applier's heap grew by {most >> 20} MiB.");
    }

    private async Task<long> RunAsync(int rows)
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("first", 1)]));
        var before = 0L;
        var most = 0L;
        var pages = 0;
        var looks = Math.Max(2, rows / PageRows / 20);
        var seen = new HashSet<(long Current, long Documents, long Dirty)>();
        var log = new WatchedLog(
            source.Log,
            async () =>
            {
                pages++;
                // Each look scans everything that is written and not committed yet, so only a limited number is taken.
                if (pages % looks != 0)
                    return;
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                seen.Add(
                    (
                        await store.ScalarAsync<long>("select count(*) from projections.current_1"),
                        await store.ScalarAsync<long>("select count(*) from projections.document"),
                        await store.ScalarAsync<long>("select count(*) from projections.dirty")
                    )
                );
            }
        );
        using var applier = await store.OpenAsync(
            log,
            _time,
            [Stocks.Model()],
            new ApplierOptions { Read = new LogReadLimit(PageRows, 1 << 20) }
        );
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync([
            .. Enumerable
                .Range(0, rows)
                .Select(index => Stocks.Row(index.ToString("D7", CultureInfo.InvariantCulture), index))
                .Select(row => SourceLog.Insert(Stocks.Schema, row.Key, row.Row)),
        ]);
        seen.Clear();
        pages = 0;
        before = GC.GetTotalMemory(forceFullCollection: true);

        var step = await applier.StepAsync(TestContext.Current.CancellationToken);
        var during = seen.ToList();
        await TestStore.CatchUpAsync(applier);

        Assert.Equal(rows, step.Records);
        Assert.Equal([(1, 1, 0)], during);
        Assert.Equal(rows + 1, (await store.DocumentsAsync("Stocks")).Count);
        return most;
    }

    /// <summary>Calls back when it is read.</summary>
    private sealed class WatchedLog(IChangeLog log, Func<Task> read) : WrappedChangeLog(log)
    {
        public override async Task<LogRead<LogPage>> ReadAsync(
            string source,
            Position after,
            LogReadLimit limit,
            CancellationToken cancellationToken
        )
        {
            await read();
            return await Inner.ReadAsync(source, after, limit, cancellationToken);
        }
    }
}
