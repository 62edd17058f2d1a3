using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Projections.Configuration;
using Strangler.Projections.Tests.Applying;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Rebuilding;

public sealed class RebuildingTests(PostgresFixture postgres)
{
    private static readonly Shape TwoTables = new([
        [new HopShape(0, null, 0)],
        [new HopShape(1, 0, 2)],
    ]);
    private static readonly Shape OtherLinks = new([
        [new HopShape(1, null, 0)],
        [new HopShape(0, 0, 0)],
    ]);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task OpenAsync_OtherVersion_EveryKeyMissesUntilItIsComputedAgainWithItsOwnLinks()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(TwoTables, source);
        await history.SnapshotAsync([
            .. Enumerable.Range(1, 6).Select(id => new TestChange(0, id, [id, id % 3, id])),
            .. Enumerable.Range(1, 6).Select(id => new TestChange(1, id, [id, id, 0])),
        ]);
        using (var first = await store.OpenAsync(source.Log, _time, [TwoTables.Model()]))
            await TestStore.CatchUpAsync(first);

        using var second = await store.OpenAsync(
            source.Log,
            _time,
            [OtherLinks.Model("v2")],
            new ApplierOptions { KeysAtATime = 2 }
        );
        var atStart = await store.DocumentsAsync("Shape");
        var dirty = await store.ScalarAsync<long>(
            "select count(*) from projections.dirty d join projections.build b on b.id = d.build where b.version = 'v2'"
        );
        await second.StepAsync(TestContext.Current.CancellationToken);
        var afterOne = await store.DocumentsAsync("Shape");
        await TestStore.CatchUpAsync(second);

        Assert.Empty(atStart);
        Assert.Equal(3, dirty);
        Assert.Equal(2, afterOne.Count);
        Assert.Equal(
            OtherLinks.Documents(history.State).OrderBy(one => one.Key),
            (await store.DocumentsAsync("Shape")).OrderBy(one => one.Key)
        );
        Assert.Equal(1, await store.ScalarAsync<long>("select count(distinct build) from projections.document"));
        Assert.Equal(["live"], await store.QueryAsync<string>("select state from projections.build"));
    }

    [Fact]
    public async Task OpenAsync_MoreTablesDeclared_ReadsTheMirrorFromTheLogAgain()
    {
        var three = new Shape([.. TwoTables.Tables, [new HopShape(2, 1, 0)]]);
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(three, source);
        await history.SnapshotAsync([new(0, 1, [1, 1, 1]), new(1, 1, [1, 1, 1])]);
        await history.CommitAsync([new(2, 9, [1, 1, 1])]);
        using (var first = await store.OpenAsync(source.Log, _time, [TwoTables.Model()]))
            await TestStore.CatchUpAsync(first);

        using var second = await store.OpenAsync(source.Log, _time, [three.Model("v2")]);
        await TestStore.CatchUpAsync(second);

        Assert.Equal(three.Documents(history.State), await store.DocumentsAsync("Shape"));
    }

    [Fact]
    public async Task OpenAsync_MoreTablesDeclaredAndNoSnapshotInTheLog_SaysToReadAgain()
    {
        var three = new Shape([.. TwoTables.Tables, [new HopShape(2, 1, 0)]]);
        await using var store = await TestStore.CreateAsync(postgres);
        var log = new InMemoryChangeLog(_time, new EmbeddedLogOptions { SegmentAge = TimeSpan.FromMinutes(1) });
        await using var source = new SourceLog(_time, log);
        var history = new ShapeHistory(three, source);
        await history.SnapshotAsync([new(0, 1, [1, 1, 1])]);
        await DropSnapshotAsync(history, source);
        using (var first = await store.OpenAsync(new InMemorySnapshotAgain(log), _time, [TwoTables.Model()]))
            await TestStore.CatchUpAsync(first);

        var fault = await Assert.ThrowsAsync<FaultException>(() => store.OpenAsync(log, _time, [three.Model("v2")]));

        Assert.Contains("public.t2", fault.Message, StringComparison.Ordinal);
        Assert.Contains("snapshot", fault.Message, StringComparison.Ordinal);
    }

    private async Task DropSnapshotAsync(ShapeHistory history, SourceLog source)
    {
        for (var minute = 0; minute < 3; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await history.CommitAsync([new(0, 1, [1, minute, 1])]);
        }
        Assert.True(await source.RetainAsync(new LogRetention(TimeSpan.FromMinutes(3), null)) > 0);
    }

    /// <summary>Lets an applier begin where the log's kept part begins, as if it had begun earlier.</summary>
    private sealed class InMemorySnapshotAgain(IChangeLog log) : WrappedChangeLog(log)
    {
        public override async Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
            await Inner.ExtentAsync(source, cancellationToken) is { } extent
                ? extent with
                {
                    Snapshot = extent.Begin,
                }
                : null;
    }
}
