using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Projections.Applying;
using Strangler.Projections.Configuration;
using Strangler.Projections.Moments;
using Strangler.Projections.Tests.Applying;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

public sealed class MomentReaderTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task RowsAsOfAsync_BeforeKeptHistory_IsRefusedAndWhatIsKeptIsRead()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var snapshot = await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]));
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [Stocks.Model()],
            new ApplierOptions { HistoryRetention = TimeSpan.FromHours(2) }
        );
        var positions = new List<Position> { snapshot };
        for (var hour = 1; hour <= 5; hour++)
        {
            await TestStore.CatchUpAsync(applier);
            _time.Advance(TimeSpan.FromHours(1));
            positions.Add(
                await source.CommitAsync(
                    SourceLog.Update(Stocks.Schema, Stocks.Row("a", hour).Key, Stocks.Row("a", hour).Row)
                )
            );
        }
        await TestStore.CatchUpAsync(applier);
        var moments = new MomentReader(store.Store, SourceLog.Source);

        var dropped = await store.ScalarAsync<long>("select 5 - count(*) from projections.history_1");

        Assert.InRange(dropped, 1, 3);
        for (var hour = 0; hour <= 5; hour++)
        {
            // A version from one hour ended in the next one, and is dropped with that hour's partition.
            if (hour < dropped)
            {
                var fault = await Assert.ThrowsAsync<FaultException>(() => ReadAsync(hour));
                Assert.Contains("no longer known", fault.Message, StringComparison.Ordinal);
            }
            else
                Assert.Contains(
                    $"\"quantity\":{hour}",
                    Assert.Single(Assert.Single(await ReadAsync(hour)).Tables[0]).Version.Row,
                    StringComparison.Ordinal
                );
        }

        Task<IReadOnlyList<KeyRows>> ReadAsync(int hour) =>
            moments.RowsAsOfAsync(
                applier.Projections[0],
                ["a"],
                positions[hour],
                TestContext.Current.CancellationToken
            );
    }

    [Fact]
    public async Task RowsAsOfAsync_PositionNotYetAppliedOrBeforeTheSnapshot_IsRefused()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        var moments = new MomentReader(store.Store, SourceLog.Source);
        var nothing = await Assert.ThrowsAsync<FaultException>(() => ReadAsync(Position.EndOf(1, new Lsn(8))));
        var end = await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0)]));
        await TestStore.CatchUpAsync(applier);

        var early = await Assert.ThrowsAsync<FaultException>(() => ReadAsync(Position.EndOf(1, new Lsn(8))));
        var late = await Assert.ThrowsAsync<FaultException>(() =>
            ReadAsync(Position.EndOf(1, new Lsn(end.Commit.Value + 80)))
        );

        Assert.Contains("Nothing", nothing.Message, StringComparison.Ordinal);
        Assert.Contains("no longer known", early.Message, StringComparison.Ordinal);
        Assert.Contains("only through", late.Message, StringComparison.Ordinal);

        Task<IReadOnlyList<KeyRows>> ReadAsync(Position position) =>
            moments.RowsAsOfAsync(applier.Projections[0], ["a"], position, TestContext.Current.CancellationToken);
    }
}
