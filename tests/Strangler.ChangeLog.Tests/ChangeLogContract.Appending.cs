using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

public abstract partial class ChangeLogContract
{
    [Fact]
    public async Task AppendAsync_ChunksOfATransaction_AreInvisibleUntilItsCommit()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 1), Part(16, 0, 10), Part(16, 10, 10));
        var before = await AllAsync(log);
        var end = (await log.ExtentAsync(Shop, Cancel))!.End;

        await appender.AppendAsync(new LogAppend(Records(16, 20, 5), [Transaction(16, 25, 3)], End(16), At(3)), Cancel);

        Assert.Single(before);
        Assert.Equal(End(8), end);
        Assert.Equal(26, (await AllAsync(log, 7)).Count);
    }

    [Fact]
    public async Task AppendAsync_EndsWithinATransaction_ShowsTheWholeOnesOnly()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(
            log,
            new LogAppend([.. Records(8, 0, 2), .. Records(16, 0, 2)], [Transaction(8, 2, 1)], End(8), At(1))
        );

        Assert.Equal(
            [new Position(1, new Lsn(8), 0), new Position(1, new Lsn(8), 1)],
            (await AllAsync(log)).Select(record => record.Position)
        );
    }

    [Fact]
    public async Task OpenAppenderAsync_UnfinishedChunks_AreRemovedAndComeAgain()
    {
        var log = await CreateAsync();
        await using var dead = await AppendAsync(log, Whole(8, 2), Part(16, 0, 10));

        await using var appender = await AppendAsync(log, Progress(12), Whole(16, 3));

        Assert.Equal(Positions(Whole(8, 2), Whole(16, 3)), (await AllAsync(log)).Select(record => record.Position));
    }

    [Fact]
    public async Task OpenAppenderAsync_WhatTheOneBeforeStored_IsFound()
    {
        var log = await CreateAsync();
        await using var before = await AppendAsync(
            log,
            Whole(8, 2, offset: [1, 2]),
            Whole(16, 1),
            Part(24, 0, 1, offset: [3])
        );

        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        await using var other = await log.OpenAppenderAsync("other", Cancel);

        Assert.Equal(End(16), appender.End);
        Assert.Equal([3], appender.Offset!);
        Assert.Null(other.End);
        Assert.Null(other.Offset);
    }

    [Fact]
    public async Task AppendAsync_AnotherAppenderHasOpened_IsRefusedAndStoresNothing()
    {
        var log = await CreateAsync();
        await using var first = await AppendAsync(log, Whole(8, 1));
        await using var second = await log.OpenAppenderAsync(Shop, Cancel);

        var append = await Assert.ThrowsAsync<FaultException>(() => first.AppendAsync(Whole(16, 1), Cancel));
        await Assert.ThrowsAsync<FaultException>(() => first.AppendAsync(Progress(16), Cancel));
        await Assert.ThrowsAsync<FaultException>(() => first.DiscardUnfinishedAsync([1], Cancel));
        await Assert.ThrowsAsync<FaultException>(() => first.RetainAsync(new LogRetention(TimeSpan.Zero, 0), Cancel));
        await second.AppendAsync(Whole(16, 2), Cancel);

        Assert.Contains("Another appender has taken over", append.Message, StringComparison.Ordinal);
        Assert.Equal(Positions(Whole(8, 1), Whole(16, 2)), (await AllAsync(log)).Select(record => record.Position));
        Assert.Null(second.Offset);
    }

    [Fact]
    public async Task AppendAsync_ManyAppendersAtOnce_StoreJustWhatTheyWereToldIsStored()
    {
        var log = await CreateAsync();
        var unsure = new ConcurrentDictionary<(ulong Commit, byte Writer), bool>();
        var stored = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(writer => Task.Run(() => WriteAsync((byte)writer)))
        );

        var read = await AllAsync(log);

        var known = read.Select(record => (record.Position.Commit.Value, record.Value![0])).ToHashSet();
        Assert.Equal(
            stored
                .SelectMany(own => own)
                .Concat(unsure.Keys.Where(known.Contains))
                .OrderBy(own => own.Commit)
                .Select(own => (own.Commit, own.Writer)),
            read.Where(record => record.Position.Ordinal == 0)
                .Select(record => (record.Position.Commit.Value, record.Value![0]))
        );
        Assert.All(read.GroupBy(record => record.Position.Commit), transaction => Assert.Equal(2, transaction.Count()));

        async Task<List<(ulong Commit, byte Writer)>> WriteAsync(byte writer)
        {
            var own = new List<(ulong, byte)>();
            for (var round = 0; round < 8; round++)
            {
                var commit = 0UL;
                try
                {
                    await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
                    for (var index = 0; index < 3; index++)
                    {
                        commit = (appender.End?.Commit.Value ?? 0) + 8;
                        await appender.AppendAsync(
                            new LogAppend([Record(commit, 0) with { Value = [writer] }], [], null, At(1)),
                            Cancel
                        );
                        await appender.AppendAsync(
                            new LogAppend(
                                [Record(commit, 1) with { Value = [writer] }],
                                [Transaction(commit, 2, 1)],
                                End(commit),
                                At(1)
                            ),
                            Cancel
                        );
                        own.Add((commit, writer));
                    }
                }
                catch (FaultException exception)
                {
                    // Another appender has opened: begin again. A busy broker may have stored what it didn't confirm.
                    if (exception.InnerException is TimeoutException)
                        unsure.TryAdd((commit, writer), true);
                }
            }
            return own;
        }
    }

    [Fact]
    public async Task AppendAsync_ProgressAlone_MovesTheEndAndItsTime()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 1, second: 1), Progress(100, second: 5));

        var page = (await log.ReadAsync(Shop, End(8), LogReadLimit.Default, Cancel)).OrThrow();
        var extent = await log.ExtentAsync(Shop, Cancel);

        Assert.Equal((End(100), At(5), 0), (page.Through, page.At, page.Records.Count));
        Assert.Equal(new LogExtent(Position.Start, End(100), At(5), Position.Start), extent);
        Assert.Equal(End(100), appender.End);
    }

    [Theory]
    [MemberData(nameof(Misfits))]
    public async Task AppendAsync_DoesNotFollow_IsRefusedAndTheAppenderGoesOn(string misfit)
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 3), Part(16, 0, 2));

        await Assert.ThrowsAsync<ArgumentException>(() => appender.AppendAsync(MisfitAppends[misfit], Cancel));
        await appender.AppendAsync(new LogAppend([Record(16, 2)], [Transaction(16, 3, 2)], End(16), At(2)), Cancel);

        Assert.Equal(Positions(Whole(8, 3), Whole(16, 3)), (await AllAsync(log)).Select(record => record.Position));
    }

    [Fact]
    public async Task DiscardUnfinishedAsync_InterruptedSnapshot_LeavesNoGhosts()
    {
        var log = await CreateAsync();
        await using var dead = await AppendAsync(log, Part(7, 0, 50), Part(7, 50, 50));
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        await appender.AppendAsync(Part(15, 0, 30), Cancel);

        await appender.DiscardUnfinishedAsync([9], Cancel);
        await appender.AppendAsync(Part(15, 0, 2), Cancel);
        await appender.AppendAsync(new LogAppend([Record(15, 2)], [], End(15), At(15)), Cancel);

        Assert.Equal([9], appender.Offset!);
        Assert.Equal(Positions(Snapshot(15, 3)), (await AllAsync(log)).Select(record => record.Position));
    }

    [Fact]
    public async Task KeepUnfinishedAsync_InterruptedSnapshot_ContinuesItOrIsToldThatItIsGone()
    {
        var log = await CreateAsync();
        await using var dead = await AppendAsync(log, Read(7, 0, 50), Read(7, 50, 50) with { Offset = [5] });
        await using var undecided = await log.OpenAppenderAsync(Shop, Cancel);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);

        var kept = await appender.KeepUnfinishedAsync(Cancel);
        var before = await AllAsync(log);
        await appender.AppendAsync(Read(7, 100, 3) with { Through = End(7) }, Cancel);
        await appender.AppendAsync(Whole(16, 2), Cancel);

        Assert.Equal([5], appender.Offset!);
        Assert.Equal(KeepsUnfinished ? new Position(1, new Lsn(7), 99) : null, kept);
        Assert.Empty(before);
        Assert.Equal(
            Positions(Read(7, KeepsUnfinished ? 0 : 100, KeepsUnfinished ? 103 : 3), Whole(16, 2)),
            (await AllAsync(log)).Select(record => record.Position)
        );
    }

    [Fact]
    public async Task KeepUnfinishedAsync_AfterAnAppendOrNothingLeft_KeepsNothing()
    {
        var log = await CreateAsync();
        await using var dead = await AppendAsync(log, Whole(8, 1), Read(15, 0, 50));
        await using var second = await AppendAsync(log, Progress(12));

        Assert.Null(await second.KeepUnfinishedAsync(Cancel));

        await using var third = await AppendAsync(log, Whole(16, 2));
        Assert.Null(await third.KeepUnfinishedAsync(Cancel));
        Assert.Equal(Positions(Whole(8, 1), Whole(16, 2)), (await AllAsync(log)).Select(record => record.Position));
    }

    [Fact]
    public async Task KeepUnfinishedAsync_OfAFencedAppender_IsRefused()
    {
        var log = await CreateAsync();
        await using var dead = await AppendAsync(log, Read(7, 0, 50));
        await using var fenced = await log.OpenAppenderAsync(Shop, Cancel);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        if (!KeepsUnfinished)
            return;

        await Assert.ThrowsAsync<FaultException>(() => fenced.KeepUnfinishedAsync(Cancel));
        await Assert.ThrowsAsync<FaultException>(() => dead.AppendAsync(Read(7, 50, 1), Cancel));

        Assert.Equal(new Position(1, new Lsn(7), 49), await appender.KeepUnfinishedAsync(Cancel));
    }

    [Fact]
    public async Task AppendAsync_TwoSources_DoNotSeeEachOther()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 100 });
        await using var shop = await log.OpenAppenderAsync(Shop, Cancel);
        await using var other = await log.OpenAppenderAsync("other", Cancel);
        for (ulong commit = 8; commit <= 80; commit += 8)
        {
            await shop.AppendAsync(Whole(commit, 3), Cancel);
            await other.AppendAsync(Whole(commit, 5), Cancel);
        }
        await other.RetainAsync(new LogRetention(TimeSpan.Zero, 0), Cancel);

        Assert.Equal(30, (await AllAsync(log, 4)).Count);
        Assert.Equal(5, (await AllAsync(log, End(72), LogReadLimit.Default, "other")).Count);
    }
}
