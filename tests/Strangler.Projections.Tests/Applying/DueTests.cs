using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Applying;
using Strangler.Projections.Telemetry;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class DueTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_TimeHasComeOnAnIdleSource_ComputesAgainWithoutMovingTouched()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync(
            (
                Offers.Schema,
                [Offers.Row("a", _time.GetUtcNow().AddMinutes(5)), Offers.Row("b", _time.GetUtcNow().AddMinutes(9))]
            )
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Offers.Model()]);
        var step = await TestStore.CatchUpAsync(applier);
        var touched = await store.ScalarAsync<string>(
            "select touched_commit::text from projections.document where key = 'a'"
        );
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMicroseconds(1));
        var early = await applier.StepAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMicroseconds(1));

        var due = await applier.StepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new DateTimeOffset(2026, 11, 24, 8, 5, 0, TimeSpan.Zero), step.NextDue);
        Assert.Equal((0, 1), (early.Due, due.Due));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 8, 9, 0, TimeSpan.Zero), due.NextDue);
        var documents = await store.DocumentsAsync("Offers");
        Assert.Contains("stale", documents["a"], StringComparison.Ordinal);
        Assert.Contains("open", documents["b"], StringComparison.Ordinal);
        Assert.Equal(
            touched,
            await store.ScalarAsync<string>("select touched_commit::text from projections.document where key = 'a'")
        );
    }

    /// <summary>Readers decide by this clock what is due, not by their own.</summary>
    [Fact]
    public async Task StepAsync_Applied_ReadersKnowTheProjectionsClock()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Offers.Schema, [Offers.Row("a", _time.GetUtcNow().AddMinutes(5))]));
        using var applier = await store.OpenAsync(source.Log, _time, [Offers.Model()]);
        await TestStore.CatchUpAsync(applier);

        var clock = await store.ScalarAsync<DateTime>(
            "select clock_timestamp() + make_interval(secs => clock_ahead) from projections.checkpoint"
        );

        Assert.InRange(clock, _time.GetUtcNow().UtcDateTime, _time.GetUtcNow().UtcDateTime.AddMinutes(1));
    }

    [Fact]
    public async Task StepAsync_KeysAreDueAndDirtyAtOnce_TouchedIsTheCommitThatMadeThemDirty()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var until = _time.GetUtcNow().AddMinutes(5);
        await source.SnapshotAsync(
            (Offers.Schema, [Offers.Row("a", until), Offers.Row("b", until), Offers.Row("c", until)])
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Offers.Model()], new() { KeysAtOnce = 1 });
        await TestStore.CatchUpAsync(applier);
        _time.Advance(TimeSpan.FromMinutes(5));
        var end = await source.CommitAsync([
            .. new[] { "a", "b", "c" }
                .Select(sku => Offers.Row(sku, until.AddMinutes(1)))
                .Select(row => SourceLog.Update(Offers.Schema, row.Key, row.Row)),
        ]);

        var step = await applier.StepAsync(TestContext.Current.CancellationToken);
        await TestStore.CatchUpAsync(applier);

        Assert.True(step.Due > 0);
        Assert.Equal(
            3,
            await store.ScalarAsync<long>(
                "select count(*) from projections.document where touched_commit = @commit::text::pg_lsn",
                new { commit = end.Commit.ToString() }
            )
        );
        Assert.Equal(0, await store.ScalarAsync<long>("select count(*) from projections.dirty"));
    }

    [Fact]
    public async Task OpenAsync_TimeCameWhileNothingRan_IsMadeUpFor()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Offers.Schema, [Offers.Row("a", _time.GetUtcNow().AddMinutes(5))]));
        using (var first = await store.OpenAsync(source.Log, _time, [Offers.Model()]))
            await TestStore.CatchUpAsync(first);
        _time.Advance(TimeSpan.FromHours(1));

        using var second = await store.OpenAsync(source.Log, _time, [Offers.Model()]);
        await TestStore.CatchUpAsync(second);

        Assert.Contains("stale", (await store.DocumentsAsync("Offers"))["a"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_IdleSource_WakesForTheNextDueDocument()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Offers.Schema, [Offers.Row("a", _time.GetUtcNow().AddMinutes(5))]));
        using var applier = await store.OpenAsync(source.Log, _time, [Offers.Model()]);
        using var metrics = new ProjectionMetrics(_time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        var running = new ApplierLoop(
            applier,
            source.Log,
            _time,
            metrics,
            NullLogger.Instance,
            TimeSpan.FromMilliseconds(250)
        ).RunAsync(stop.Token);

        // The clock only moves while the loop waits for it.
        while (
            !(
                (await store.DocumentsAsync("Offers")).TryGetValue("a", out var document)
                && document.Contains("stale", StringComparison.Ordinal)
            )
        )
        {
            stop.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
