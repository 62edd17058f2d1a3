using Microsoft.Extensions.Time.Testing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>Tables in doubt, and the effect of reading them again.</summary>
public sealed class TableReadingTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_TableInDoubt_ServesNothingUntilItHasBeenReadAgain()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync(SourceLog.Described(Stocks.Schema with { InDoubt = true }));
        await TestStore.CatchUpAsync(applier);
        var inDoubt = await store.DocumentsAsync("Stocks");
        await source.RereadAsync(
            SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 1, "\"default\""), Stocks.Row("b", 2))
        );

        await TestStore.CatchUpAsync(applier);

        Assert.Empty(inDoubt);
        var documents = await store.DocumentsAsync("Stocks");
        Assert.Equal(
            ["""{"sku":"a","quantity":1,"note":"default"}""", """{"sku":"b","quantity":2,"note":null}"""],
            documents.OrderBy(one => one.Key).Select(one => one.Value)
        );
    }

    /// <summary>
    /// For a table that was dropped, neither the earlier documents nor "no such row" may be answered.
    /// </summary>
    [Fact]
    public async Task StepAsync_TableGone_IsAMissForEveryKeyUntilItHasBeenReadAgain()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync(SourceLog.Doubted(Stocks.Schema, "It was dropped."));
        await TestStore.CatchUpAsync(applier);
        // a start in between changes nothing
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(again);

        var gone = await FindAsync(store);
        var why = await store.ScalarAsync<string>("select doubt from projections.source_table");
        var build = await new StoreAnswers(store.Store, _time) { Patience = TimeSpan.FromMinutes(1) }.BuildAsync(
            "Stocks",
            TestContext.Current.CancellationToken
        );
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("b", 2)));
        await TestStore.CatchUpAsync(again);
        var read = await FindAsync(store);

        Assert.All(gone, found => Assert.Equal(MissReason.Dirty, Assert.IsType<Found.Miss>(found).Reason));
        Assert.Equal("It was dropped.", why);
        Assert.Equal(new TableInDoubt("public.stock", "It was dropped."), Assert.Single(build!.InDoubt));
        Assert.IsType<Found.Absent>(read[0]);
        Assert.IsType<Found.Document>(read[1]);
        Assert.Null(await store.ScalarAsync<string?>("select doubt from projections.source_table"));
    }

    /// <summary>The snapshot of a new epoch couldn't read the table.</summary>
    [Fact]
    public async Task StepAsync_TableInDoubtInTheSnapshotOfANewEpoch_StopsTheProjectionWithTheReason()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.NewEpochAsync();
        await source.CommitAsync(SourceLog.Doubted(Stocks.Schema, "It was dropped."));

        await TestStore.CatchUpAsync(applier);

        Assert.All(await FindAsync(store), found => Assert.IsType<Found.Miss>(found));
        Assert.Equal(
            "It was dropped.",
            await store.ScalarAsync<string>("select problem from projections.build where state = 'stopped'")
        );
    }

    private async Task<IReadOnlyList<Found>> FindAsync(TestStore store) =>
        (
            await new StoreAnswers(store.Store, _time) { Patience = TimeSpan.FromMinutes(1) }.FindAsync(
                Stocks.Model().Id,
                ["a", "b"],
                TestContext.Current.CancellationToken
            )
        ).Found;

    [Fact]
    public async Task StepAsync_RowsThatAReadingDidNotFind_AreGone()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2), Stocks.Row("c", 3)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 1), Stocks.Row("c", 4)));

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["a", "c"], (await store.DocumentsAsync("Stocks")).Keys.Order());
        Assert.Null(await store.ScalarAsync<byte[]?>("select bytes from projections.document where key = 'b'"));
    }

    /// <summary>An unchanged row is marked as seen, and only by the reading that has seen it.</summary>
    [Fact]
    public async Task StepAsync_RowThatOneReadingFoundAndTheNextDidNot_IsGone()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 1), Stocks.Row("b", 2)));
        await TestStore.CatchUpAsync(applier);
        var found = await store.DocumentsAsync("Stocks");
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 1)));

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["a", "b"], found.Keys.Order());
        Assert.Equal(["a"], (await store.DocumentsAsync("Stocks")).Keys);
    }
}
