using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Applying;
using Strangler.Projections.Configuration;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class QuarantineTests(PostgresFixture postgres)
{
    private static readonly Shape OneTable = new([
        [new HopShape(0, null, 0)],
    ]);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_FThrowsForAKey_ThatKeyIsQuarantinedAndTheRestGoesOn()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(OneTable, source);
        await history.SnapshotAsync([new(0, 1, [1, null, null]), new(0, 2, [2, 13, null])]);
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [
                OneTable.Model(document: text =>
                    text.Contains("13", StringComparison.Ordinal)
                        ? throw new InvalidOperationException("thirteen")
                        : text
                ),
            ]
        );
        await TestStore.CatchUpAsync(applier);
        var before = await store.DocumentsAsync("Shape");
        var error = await store.ScalarAsync<string>("select error || rows from projections.quarantine where key = '2'");
        await history.CommitAsync([new(0, 2, [2, 12, null])]);

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["1"], before.Keys);
        Assert.Contains("thirteen", error, StringComparison.Ordinal);
        Assert.Contains("\"c1\":13", error, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], (await store.DocumentsAsync("Shape")).Keys.Order());
        Assert.Equal(0, await store.ScalarAsync<long>("select count(*) from projections.quarantine"));
        Assert.Equal(source.End, applier.Checkpoint.Position);
    }

    [Fact]
    public async Task StepAsync_MoreQuarantinedThanAllowed_StopsTheProjectionAndNotTheApplier()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(OneTable, source);
        await history.SnapshotAsync([.. Enumerable.Range(1, 4).Select(id => new TestChange(0, id, [id, null, null]))]);
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [OneTable.Model(document: _ => throw new InvalidOperationException("no")), Stocks.Model()],
            new ApplierOptions { MaxQuarantined = 3 }
        );

        await TestStore.CatchUpAsync(applier);

        Assert.Contains(
            "4 keys are quarantined",
            await store.ScalarAsync<string>(
                "select problem from projections.build where projection = 'Shape' and state = 'stopped'"
            ),
            StringComparison.Ordinal
        );
        Assert.Equal(source.End, applier.Checkpoint.Position);
    }

    [Fact]
    public async Task StepAsync_FirstKeyOfAProcessIsSlow_IsNoOverrun()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(OneTable, source);
        await history.SnapshotAsync([new(0, 1, [1, null, null])]);
        var limit = TimeSpan.FromSeconds(1);
        using var never = new ManualResetEventSlim();
        var model = OneTable.Model(document: text =>
        {
            never.Wait(limit * 2, TestContext.Current.CancellationToken); // as a machine that compiles slowly
            return text;
        });
        using var applier = await store.OpenAsync(source.Log, _time, [model], new ApplierOptions { KeyLimit = limit });

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["1"], (await store.DocumentsAsync("Shape")).Keys);
    }

    [Fact]
    public async Task StepAsync_FDoesNotReturn_RollsBackRecordsTheKeyAndGoesOnAfterAStart()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(OneTable, source);
        await history.SnapshotAsync([new(0, 1, [1, null, null]), new(0, 2, [2, null, null])]);
        using var never = new ManualResetEventSlim();
        var model = OneTable.Model(document: text =>
        {
            if (text.StartsWith('2'))
                never.Wait(TestContext.Current.CancellationToken);
            return text;
        });
        var options = new ApplierOptions { KeyLimit = TimeSpan.FromSeconds(1) };
        using var first = await store.OpenAsync(source.Log, _time, [model], options);

        var overrun = await Assert.ThrowsAsync<KeyOverrunException>(() => TestStore.CatchUpAsync(first));

        Assert.Equal("2", overrun.Key.Key);
        Assert.Empty(await store.DocumentsAsync("Shape"));
        using var second = await store.OpenAsync(source.Log, _time, [model], options);
        await TestStore.CatchUpAsync(second);
        await history.CommitAsync([new(0, 2, [2, 5, null])]);
        await TestStore.CatchUpAsync(second);
        Assert.Equal(["1"], (await store.DocumentsAsync("Shape")).Keys);
        Assert.True(await store.ScalarAsync<bool>("select overrun from projections.quarantine where key = '2'"));
        using var third = await store.OpenAsync(source.Log, _time, [OneTable.Model("v2")], options);
        await TestStore.CatchUpAsync(third);
        Assert.Equal(["1", "2"], (await store.DocumentsAsync("Shape")).Keys.Order());
        never.Set();
    }
}
