using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Embedded;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>What retention keeps, and what it tells readers that come too late.</summary>
public abstract partial class ChangeLogContract
{
    [Fact]
    public async Task RetainAsync_OlderThanTheAge_DropsWholeSegmentsAndSaysSoToALateReader()
    {
        var time = new FakeTimeProvider(Day);
        var log = await CreateAsync(time, new EmbeddedLogOptions { SegmentAge = TimeSpan.FromSeconds(60) });
        await using var appender = await AppendAsync(log, Snapshot(7, 3));
        for (ulong commit = 8; commit <= 400; commit += 8)
        {
            time.SetUtcNow(At(commit));
            await appender.AppendAsync(Whole(commit, 2), Cancel);
        }

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.FromSeconds(200), null), Cancel);

        var extent = (await log.ExtentAsync(Shop, Cancel))!;
        Assert.InRange(dropped, 2, 3);
        Assert.InRange(extent.Begin.Commit.Value, 200UL - 60 - 8, 200UL);
        Assert.Equal((End(400), false), (extent.End, extent.HoldsSnapshot));
        var fault = Dropped(
            await log.ReadAsync(Shop, new Position(1, extent.Begin.Commit, 0), LogReadLimit.Default, Cancel)
        );
        Assert.Contains(extent.Begin.ToString(), fault, StringComparison.Ordinal);
        Assert.Contains("mirror", fault, StringComparison.Ordinal);
        Dropped(await log.ReadAsync(Shop, Position.Start, LogReadLimit.Default, Cancel));
        var rest = await AllAsync(log, extent.Begin, LogReadLimit.Default);
        Assert.Equal((400 - (int)extent.Begin.Commit.Value) / 8 * 2, rest.Count);
        Assert.Equal(extent.Begin, (await log.SeekAsync(Shop, At(extent.Begin.Commit.Value + 1), Cancel)).OrThrow());
        Dropped(await log.SeekAsync(Shop, At(extent.Begin.Commit.Value - 1), Cancel));
    }

    [Fact]
    public async Task RetainAsync_MoreThanTheBytes_DropsTheOldestAndNeverTheNewest()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 1_000 });
        await using var appender = await AppendAsync(
            log,
            [.. Enumerable.Range(1, 20).Select(n => Whole((ulong)n * 8, 4, bytes: 250))]
        );

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(1), 5_500), Cancel);
        var begin = (await log.ExtentAsync(Shop, Cancel))!.Begin;
        var rest = await AllAsync(log, begin, LogReadLimit.Default);
        var again = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(1), 5_500), Cancel);
        var all = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0), Cancel);

        Assert.Equal((15, 0, 4), (dropped, again, all));
        Assert.Equal(End(15 * 8), begin);
        Assert.Equal(5 * 4, rest.Count);
        Assert.Equal(4, (await AllAsync(log, End(19 * 8), LogReadLimit.Default)).Count);
    }

    [Fact]
    public async Task RetainAsync_TheNextEpochsSnapshotIsLeft_HoldsASnapshotAgain()
    {
        var time = new FakeTimeProvider(Day);
        var log = await CreateAsync(time, new EmbeddedLogOptions());
        await using var appender = await AppendAsync(log, Snapshot(7, 3), Whole(8, 2), Part(5, 0, 2, epoch: 2));
        var whileRead = (await log.ExtentAsync(Shop, Cancel))!;
        time.Advance(TimeSpan.FromDays(3));

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(1), null), Cancel);
        var unfinished = (await log.ExtentAsync(Shop, Cancel))!;
        await appender.AppendAsync(new LogAppend([Record(5, 2, epoch: 2)], [], End(5, epoch: 2), At(5)), Cancel);

        Assert.True(whileRead.HoldsSnapshot);
        Assert.Equal(1, dropped);
        Assert.Equal((End(8), false), (unfinished.Begin, unfinished.HoldsSnapshot));
        Assert.True((await log.ExtentAsync(Shop, Cancel))!.HoldsSnapshot);
        Assert.Equal(3, (await AllAsync(log, End(8), LogReadLimit.Default)).Count);
    }

    [Fact]
    public async Task ExtentAsync_SnapshotOfALaterEpochBehindTheBeginning_IsWhereARebuildBegins()
    {
        var time = new FakeTimeProvider(Day);
        var log = await CreateAsync(time, new EmbeddedLogOptions { SegmentBytes = 500 });
        await using var appender = await AppendAsync(
            log,
            Snapshot(7, 3),
            Whole(8, 4, bytes: 250),
            Whole(16, 4, bytes: 250)
        );
        time.Advance(TimeSpan.FromDays(1));
        await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(30), 1_100), Cancel);
        var without = (await log.ExtentAsync(Shop, Cancel))!;

        await appender.AppendAsync(Part(5, 0, 2, epoch: 2), Cancel);
        var halfWay = (await log.ExtentAsync(Shop, Cancel))!;
        await appender.AppendAsync(new LogAppend([Record(5, 2, epoch: 2)], [], End(5, epoch: 2), At(5)), Cancel);
        await appender.AppendAsync(Whole(8, 2, epoch: 2), Cancel);
        var extent = (await log.ExtentAsync(Shop, Cancel))!;

        Assert.True(Position.Start < without.Begin && without.Begin < End(16));
        Assert.Null(without.Snapshot);
        Assert.Null(halfWay.Snapshot);
        Assert.Equal((without.Begin, End(16)), (extent.Begin, extent.Snapshot));
        Assert.Equal(5, (await AllAsync(log, End(16), LogReadLimit.Default)).Count);
    }

    [Fact]
    public async Task AppendAsync_EveryAppendEndsWithinATransaction_StillRollsBetweenThem()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 500 });
        await using var appender = await AppendAsync(log, Part(8, 0, 1));
        for (ulong commit = 8; commit < 160; commit += 8)
            await appender.AppendAsync(
                new LogAppend(
                    [.. Records(commit, 1, 9), .. Records(commit + 8, 0, 1)],
                    [Transaction(commit, 10, commit)],
                    End(commit),
                    At(commit)
                ),
                Cancel
            );

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(1), 1_000), Cancel);

        Assert.InRange(dropped, 5, 18);
        var begin = (await log.ExtentAsync(Shop, Cancel))!.Begin;
        Assert.Equal(
            (152 - (int)begin.Commit.Value) / 8 * 10,
            (await AllAsync(log, begin, new LogReadLimit(7, 1 << 20))).Count
        );
    }

    [Fact]
    public async Task RetainAsync_OnlyAnAbandonedSnapshotIsDropped_TakesNothingFromAReader()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions());
        await using var dead = await AppendAsync(log, Progress(8), Part(16, 0, 5));
        await using var appender = await AppendAsync(log, Snapshot(7, 2, epoch: 2));

        await appender.RetainAsync(new LogRetention(TimeSpan.Zero, 0), Cancel);

        Assert.Equal(2, (await AllAsync(log)).Count);
        Assert.Equal(
            new LogExtent(Position.Start, End(7, epoch: 2), At(7), Position.Start) { TrustedEpoch = 2 },
            await log.ExtentAsync(Shop, Cancel)
        );
    }
}
