using Dapper;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.Foundation.Store;
using Strangler.Projections.Configuration;
using Strangler.Projections.Tests.Applying;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Mirror;

/// <summary>
/// Partitions are created and dropped while others read, and records that only say that something is gone are deleted
/// with the past.
/// </summary>
public sealed class HistoryTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
    private readonly ApplierOptions _options = new() { HistoryRetention = TimeSpan.FromHours(1) };

    [Fact]
    public async Task StepAsync_ABackupReadsHistory_MakesPartitionsBesideItAndDropsThemWhenItHasEnded()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()], _options);
        await CommitAsync(1);
        await using var backup = await store.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await backup.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "lock table projections.history_1 in access share mode",
            backup,
            transaction
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        for (var hour = 2; hour <= 4; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await CommitAsync(hour).WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        var kept = await PartitionsAsync();
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        var dropped = await applier.RetainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["08", "09", "10", "11", "12"], kept);
        Assert.Equal(2, dropped);
        Assert.Equal(["10", "11", "12"], await PartitionsAsync());
        Assert.Contains("\"quantity\":4", (await store.DocumentsAsync("Stocks"))["a"], StringComparison.Ordinal);

        async Task CommitAsync(int quantity)
        {
            await source.CommitAsync(
                SourceLog.Update(Stocks.Schema, Stocks.Row("a", quantity).Key, Stocks.Row("a", quantity).Row)
            );
            await TestStore.CatchUpAsync(applier);
        }

        async Task<IEnumerable<string>> PartitionsAsync() =>
            (
                await store.QueryAsync<string>(
                    "select inhrelid::regclass::text from pg_inherits where inhparent = "
                        + "'projections.history_1'::regclass order by 1"
                )
            ).Select(name => name[^2..]);
    }

    [Fact]
    public async Task StepAsync_OurClockIsSetBack_VersionsStillHaveAPlace()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()], _options);
        await TestStore.CatchUpAsync(applier);
        _time.AdjustTime(_time.GetUtcNow().AddHours(-5));
        await source.CommitAsync(SourceLog.Update(Stocks.Schema, Stocks.Row("a", 1).Key, Stocks.Row("a", 1).Row));

        await TestStore.CatchUpAsync(applier);

        Assert.Contains("\"quantity\":1", (await store.DocumentsAsync("Stocks"))["a"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StepAsync_OurClockIsSetBackToAnHourThatWasDropped_VersionsStillHaveAPlace()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()], _options);
        await CommitAsync(1);
        _time.Advance(TimeSpan.FromHours(3));
        await CommitAsync(2);

        _time.AdjustTime(_time.GetUtcNow().AddHours(-3));
        await CommitAsync(3);

        Assert.Contains("\"quantity\":3", (await store.DocumentsAsync("Stocks"))["a"], StringComparison.Ordinal);

        async Task CommitAsync(int quantity)
        {
            await source.CommitAsync(
                SourceLog.Update(Stocks.Schema, Stocks.Row("a", quantity).Key, Stocks.Row("a", quantity).Row)
            );
            await TestStore.CatchUpAsync(applier);
        }
    }

    /// <summary>The order of two tables, and which of them changed last, don't matter.</summary>
    [Fact]
    public async Task StepAsync_AnHourOfTwoTablesIsDropped_ThePastIsKeptFromTheLastVersionThatEndedInAnyOfThem()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var until = _time.GetUtcNow().AddDays(9);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]), (Offers.Schema, [Offers.Row("a", until)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model(), Offers.Model()], _options);
        await TestStore.CatchUpAsync(applier);
        var changes = 0;

        await StockAsync();
        await OfferAsync();
        var stockLast = await StockAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await OfferAsync();
        await StockAsync();
        var offerLast = await OfferAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await StockAsync();
        var first = await KeptAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await StockAsync();

        Assert.Equal((stockLast, offerLast), (first, await KeptAsync()));

        Task<string> StockAsync() =>
            CommitAsync(SourceLog.Update(Stocks.Schema, Stocks.Row("a", ++changes).Key, Stocks.Row("a", changes).Row));

        Task<string> OfferAsync() =>
            CommitAsync(
                SourceLog.Update(
                    Offers.Schema,
                    Offers.Row("a", until).Key,
                    Offers.Row("a", until.AddMinutes(++changes)).Row
                )
            );

        async Task<string> CommitAsync(Event change)
        {
            var end = await source.CommitAsync(change);
            await TestStore.CatchUpAsync(applier);
            return end.Commit.ToString();
        }

        Task<string> KeptAsync() => store.ScalarAsync<string>("select kept_commit::text from projections.checkpoint");
    }

    [Fact]
    public async Task StepAsync_DeletesOlderThanTheKeptHistory_LeaveNothingAndAReplayChangesNothing()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var begin = await source.SnapshotAsync(
            (
                Stocks.Schema,
                [
                    Stocks.Row("a", 0),
                    Stocks.Row("b", 0),
                    Stocks.Row("c", 0),
                    Stocks.Row("d", 0),
                    Stocks.Row("e", 0),
                    Stocks.Row("f", 0),
                ]
            )
        );
        var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()], _options);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync([
            .. new[] { "b", "c", "e", "f" }.SelectMany(sku => SourceLog.Delete(Stocks.Schema, Stocks.Row(sku, 0).Key)),
        ]);
        await TestStore.CatchUpAsync(applier);
        await store.ExecuteAsync(
            "insert into projections.dirty (build, key, touched_epoch, touched_commit) select build, key, "
                + "touched_epoch, touched_commit from projections.document where key = 'c'"
        );
        // absent for now only
        await store.ExecuteAsync("update projections.document set recompute_at = '2027-01-01' where key = 'e'");
        await store.ExecuteAsync(
            "insert into projections.quarantine (build, key, epoch, commit, at, error, rows, overrun) select build, "
                + "key, 1, '0/1', now(), 'threw', '[]', false from projections.document where key = 'f'"
        );
        for (var hour = 1; hour <= 3; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await source.CommitAsync([
                SourceLog.Update(Stocks.Schema, Stocks.Row("a", hour).Key, Stocks.Row("a", hour).Row),
                .. hour == 3 ? SourceLog.Delete(Stocks.Schema, Stocks.Row("d", 0).Key) : [],
            ]); // a young one
            await TestStore.CatchUpAsync(applier);
        }

        var tombstones = await store.QueryAsync<string>("select pk from projections.current_1 where row is null");
        var absent = await store.QueryAsync<string>(
            "select key from projections.document where bytes is null order by key"
        );
        await store.ExecuteAsync(
            "update projections.checkpoint set epoch = @Epoch, commit = @Commit::text::pg_lsn, ordinal = @Ordinal",
            new
            {
                begin.Epoch,
                Commit = begin.Commit.ToString(),
                begin.Ordinal,
            }
        );
        applier.Dispose();
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model()], _options);
        await TestStore.CatchUpAsync(again);

        Assert.Equal(["""{"sku":"d"}"""], tombstones);
        Assert.Equal(["c", "d", "e", "f"], absent);
        Assert.Equal(["""{"sku":"a","quantity":3,"note":null}"""], (await store.DocumentsAsync("Stocks")).Values);
    }

    // Reading a key's versions begins at the bracket: an index over the link alone would find every kept version.
    private const string LinkEnds = "(l0, to_epoch, to_commit) WHERE (l0 IS NOT NULL)";

    [Fact]
    public async Task OpenAsync_TableWithALink_HistoryHasAnIndexOverTheLinkAndTheVersionsEnd()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()], _options);
        await TestStore.CatchUpAsync(applier);

        var partitions = (await IndexesAsync(store.Store, "history\\_1\\_2%"))
            .Where(index => index.Contains("(l0", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(2, partitions.Count); // of this hour and of the next
        Assert.All(partitions, index => Assert.EndsWith(LinkEnds, index, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MigrateAsync_StoreWithHistoryOfBefore_HasTheIndexInsteadOfTheOldOne()
    {
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StoreMigration.MigrateAsync(
            store,
            [new StoreSchema("projections", [.. ProjectionsSchema.Value.Scripts.Take(3)])],
            TestContext.Current.CancellationToken
        );
        await using (
            var before = store.CreateCommand(
                """
                create table projections.history_7 (
                    pk text, to_epoch int, to_commit pg_lsn, ended timestamptz, l0 text
                ) partition by range (ended);
                create index history_7_l0 on projections.history_7 (l0) where l0 is not null;
                create table projections.history_7_2026112408 partition of projections.history_7
                    for values from ('2026-11-24 08:00') to ('2026-11-24 09:00');
                """
            )
        )
            await before.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await StoreMigration.MigrateAsync(store, [ProjectionsSchema.Value], TestContext.Current.CancellationToken);

        Assert.All(
            await IndexesAsync(store, "history\\_7%"),
            index => Assert.EndsWith(LinkEnds, index, StringComparison.Ordinal)
        );
        Assert.Equal(2, (await IndexesAsync(store, "history\\_7%")).Count);
    }

    private static async Task<List<string>> IndexesAsync(NpgsqlDataSource store, string tables)
    {
        await using var connection = await store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return
        [
            .. await connection.QueryAsync<string>(
                "select indexdef from pg_indexes where schemaname = 'projections' and tablename like @tables",
                new { tables }
            ),
        ];
    }
}
