using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Embedded;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>What a snapshot of the source doesn't see, and how far the catalogue has been checked.</summary>
public abstract partial class ChangeLogContract
{
    private static readonly Gen<(int[] Order, int Floor, int Xmax, int[] Running, int Until, int Appends)> Snapshots =
        Gen.Select(
            Gen.Int[1, 60].SelectMany(count => Gen.Shuffle(Enumerable.Range(0, count).ToArray())),
            Gen.Int[0, 65],
            Gen.Int[0, 65],
            Gen.Int[0, 65].Array[0, 6],
            Gen.Int[1, 65],
            Gen.Int[1, 7]
        );

    private static LogAppend Committed(ulong commit, ulong xid, int epoch = 1) =>
        new(
            [Record(commit, 0, epoch, xid: xid)],
            [new LogTransaction(new Lsn(commit), xid, At(commit), 1)],
            End(commit, epoch),
            At(commit)
        );

    private static Task<LogRead<Position?>> UnseenAsync(
        IChangeLog log,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        string source = Shop
    ) =>
        Assert
            .IsType<ITransactionIndex>(log, exactMatch: false)
            .FirstUnseenAsync(source, floor, xmax, running, until, Cancel);

    private static async Task<Position?> FirstUnseenAsync(
        IChangeLog log,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        string source = Shop
    ) => (await UnseenAsync(log, floor, xmax, running, until, source)).OrThrow();

    private static Position Start(ulong commit, int epoch = 1) => new(epoch, new Lsn(commit), 0);

    [Fact]
    public async Task FirstUnseenAsync_AnySnapshot_IsTheLeastCommitThatItDoesNotSee()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 100 });
        var sources = 0;

        await Snapshots.SampleAsync(
            async one =>
            {
                var source = $"source {++sources}";
                await using var appender = await log.OpenAppenderAsync(source, Cancel);
                await appender.AppendAsync(Snapshot(7, 2), Cancel);
                foreach (var part in one.Order.Index().Chunk(one.Appends))
                {
                    await appender.AppendAsync(
                        new LogAppend(
                            [.. part.Select(item => Record(Commit(item.Index), 0, xid: Xid(item.Item)))],
                            [
                                .. part.Select(item => new LogTransaction(
                                    new Lsn(Commit(item.Index)),
                                    Xid(item.Item),
                                    At(1),
                                    1
                                )),
                            ],
                            End(Commit(part[^1].Index)),
                            At(1)
                        ),
                        Cancel
                    );
                }
                var running = one.Running.Where(xid => xid < one.Xmax).Select(Xid).Distinct().ToList();
                var expected = one
                    .Order.Index()
                    .Where(item =>
                        (item.Item >= one.Xmax || running.Contains(Xid(item.Item))) && item.Index < one.Until
                    )
                    .Select(item => (Position?)Start(Commit(item.Index)))
                    .FirstOrDefault();

                var found = await FirstUnseenAsync(
                    log,
                    Start(Commit(one.Floor)),
                    Xid(one.Xmax),
                    running,
                    Start(Commit(one.Until)),
                    source
                );

                Assert.Equal(expected, found);
            },
            iter: Histories,
            threads: 1
        );

        static ulong Commit(int index) => (ulong)(index + 2) * 8;

        // Near the end of 32 bits, where an id truncated to its width would wrap around.
        static ulong Xid(int number) => 0xFFFF_FFE0 + (ulong)number;
    }

    [Fact]
    public async Task FirstUnseenAsync_CommittedBeforeTheFloorAndNotYetSeen_IsFoundWhetherItsIdIsBelowXmaxOrNot()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(
            log,
            Snapshot(7, 1),
            Committed(8, 20),
            Committed(16, 31),
            Committed(24, 22),
            Committed(32, 40)
        );

        Assert.Equal(Start(16), await FirstUnseenAsync(log, Start(28), 30, [], Start(100)));
        Assert.Equal(Start(24), await FirstUnseenAsync(log, Start(28), 32, [22], Start(100)));
        Assert.Equal(Start(32), await FirstUnseenAsync(log, Start(28), 32, [21], Start(100)));
        Assert.Null(await FirstUnseenAsync(log, Start(28), 32, [21], Start(32)));
        Assert.Null(await FirstUnseenAsync(log, Start(28), 41, [], Start(100)));
    }

    [Fact]
    public async Task FirstUnseenAsync_AnotherEpoch_IsOfAnotherHistory()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(
            log,
            Committed(8, 90),
            Snapshot(7, 1, epoch: 2),
            Committed(16, 50, epoch: 2)
        );

        Assert.Equal(
            Start(16, epoch: 2),
            await FirstUnseenAsync(log, Start(12, epoch: 2), 40, [], Start(100, epoch: 2))
        );
        Assert.Null(await FirstUnseenAsync(log, Start(12, epoch: 2), 60, [], Start(100, epoch: 2)));
    }

    [Fact]
    public async Task FirstUnseenAsync_TheFloorWasDropped_IsRefused()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 100 });
        await using var appender = await AppendAsync(
            log,
            [.. Enumerable.Range(1, 20).Select(n => Whole((ulong)n * 8, 2, bytes: 90))]
        );
        await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(1), 900), Cancel);
        var begin = (await log.ExtentAsync(Shop, Cancel))!.Begin.Commit.Value;

        Dropped(await UnseenAsync(log, Start(begin - 4), 1_000, [], Start(1_000)));
        Assert.Equal(Start(begin + 8), await FirstUnseenAsync(log, Start(begin + 4), begin + 9, [], Start(1_000)));
    }

    [Fact]
    public async Task AppendAsync_CatalogueSeen_StaysUntilItIsSeenAgainOrTheSourceMayBeAnother()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Snapshot(7, 1));
        var unknown = await SeenAsync();
        await appender.AppendAsync(Whole(16, 1) with { CatalogueSeen = new Lsn(12) }, Cancel);
        await appender.AppendAsync(Whole(24, 1), Cancel);
        var kept = await SeenAsync();
        await appender.AppendAsync(new LogAppend([], [], End(24), At(24), CatalogueSeen: new Lsn(30)), Cancel);
        var alone = await SeenAsync();
        await using var next = await log.OpenAppenderAsync(Shop, Cancel);
        var opened = await SeenAsync(); // a crash may have undone that position
        await next.AppendAsync(new LogAppend([], [], End(24), At(24), CatalogueSeen: new Lsn(40)), Cancel);
        await next.AppendAsync(Snapshot(7, 1, epoch: 2), Cancel);

        Assert.Equal((null, new Lsn(12), new Lsn(30), null, null), (unknown, kept, alone, opened, await SeenAsync()));

        async Task<Lsn?> SeenAsync() => (await log.ExtentAsync(Shop, Cancel))!.CatalogueSeen;
    }
}
