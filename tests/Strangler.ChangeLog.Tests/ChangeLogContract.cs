using System.Text;
using Strangler.ChangeLog.Embedded;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>
/// What every change log guarantees. A subclass supplies the log; nothing here knows which one it is.
/// </summary>
public abstract partial class ChangeLogContract
{
    protected const string Shop = "shop";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a test waits before it considers something stuck; it never decides a correct outcome.
    /// </summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whether the log keeps what an appender has left unfinished.</summary>
    protected virtual bool KeepsUnfinished => true;

    /// <summary>A new, empty log.</summary>
    protected abstract Task<IChangeLog> CreateAsync(TimeProvider time, EmbeddedLogOptions options);

    private Task<IChangeLog> CreateAsync() => CreateAsync(TimeProvider.System, new EmbeddedLogOptions());

    private static Task<List<LogRecord>> AllAsync(IChangeLog log, int page = 1_000) =>
        AllAsync(log, Position.Start, new LogReadLimit(page, 1 << 20));

    private static async Task<List<LogRecord>> AllAsync(
        IChangeLog log,
        Position after,
        LogReadLimit limit,
        string source = Shop
    )
    {
        var records = new List<LogRecord>();
        while (true)
        {
            var page = (await log.ReadAsync(source, after, limit, Cancel)).OrThrow();
            records.AddRange(page.Records);
            if (page.Through == after)
                return records;
            Assert.True(page.Through > after);
            after = page.Through;
        }
    }

    /// <summary>What a person is told of something that the log no longer holds.</summary>
    private static string Dropped<T>(LogRead<T> read) => Assert.IsType<LogRead<T>.Dropped>(read).Fault.ToString();

    private static IEnumerable<Position> Positions(params LogAppend[] appends) =>
        appends.SelectMany(append => append.Records).Select(record => record.Position);

    private static async Task<ILogAppender> AppendAsync(IChangeLog log, params LogAppend[] appends)
    {
        var appender = await log.OpenAppenderAsync(Shop, Cancel);
        foreach (var append in appends)
            await appender.AppendAsync(append, Cancel);
        return appender;
    }

    [Fact]
    public async Task ReadAsync_TransactionsAppended_GivesThemInCommitOrder()
    {
        var log = await CreateAsync();
        LogAppend[] appends = [Snapshot(7, 5), Whole(16, 3), Whole(24, 1), Whole(0xFFFF_FFFF_FFFF_0000, 2, second: 30)];
        await using var appender = await AppendAsync(log, appends);

        var read = await AllAsync(log);

        Assert.Equal(Positions(appends), read.Select(record => record.Position));
        Assert.Equal(appends[^1].Through, (await log.ExtentAsync(Shop, Cancel))!.End);
    }

    [Fact]
    public async Task ReadAsync_AnyRecord_IsByteForByteWhatWasAppended()
    {
        var log = await CreateAsync();
        LogRecord[] records =
        [
            new(
                new Position(1, new Lsn(8), 0),
                ulong.MaxValue >> 1,
                LogRecordKind.Data,
                "shop.public.ünïcode \"x\"",
                null,
                [],
                [0, 255, 1, 128]
            ),
            new(new Position(1, new Lsn(8), 1), 0, LogRecordKind.Tombstone, "t", [], [], null),
            new(
                new Position(1, new Lsn(8), 2),
                5,
                LogRecordKind.Schema,
                "",
                Encoding.UTF8.GetBytes("k"),
                [new("__debezium.newkey", """{"sku":"\u0000 \"ä\"😀"}"""), new("", ""), new("none", null)],
                []
            ),
            new(new Position(1, new Lsn(8), 3), 5, LogRecordKind.TableRead, "t", null, [], new byte[100_000]),
        ];
        await using var appender = await AppendAsync(
            log,
            new LogAppend(records, [Transaction(8, 4, 1)], End(8), At(1))
        );

        var read = await AllAsync(log);

        Assert.Equal(records.Length, read.Count);
        foreach (var (expected, actual) in records.Zip(read))
        {
            Assert.Equal(
                (expected.Position, expected.Xid, expected.Kind, expected.Topic),
                (actual.Position, actual.Xid, actual.Kind, actual.Topic)
            );
            Assert.Equal(expected.Key, actual.Key);
            Assert.Equal(expected.Value, actual.Value);
            Assert.Equal(expected.Headers, actual.Headers);
        }
    }

    [Fact]
    public async Task ReadAsync_TransactionsLargerThanAPage_GoesOnWithinThem()
    {
        var log = await CreateAsync();
        LogAppend[] appends = [Whole(8, 7), Whole(16, 3), Whole(24, 2)];
        await using var appender = await AppendAsync(log, appends);

        var limit = new LogReadLimit(3, 1 << 20);
        var pages = new List<LogPage> { (await log.ReadAsync(Shop, Position.Start, limit, Cancel)).OrThrow() };
        while (pages[^1].Through < End(24))
            pages.Add((await log.ReadAsync(Shop, pages[^1].Through, limit, Cancel)).OrThrow());

        Assert.Equal(["1:0/8:2", "1:0/8:5", "1:0/10:1", "1:0/18:end"], pages.Select(page => page.Through.ToString()));
        Assert.Equal(Positions(appends), pages.SelectMany(page => page.Records).Select(record => record.Position));
        Assert.Equal([At(8), At(8), At(16), At(24)], pages.Select(page => page.At));
    }

    [Fact]
    public async Task ReadAsync_PageEndsWithATransaction_SaysItsEnd()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 3), Whole(16, 3));

        var page = (await log.ReadAsync(Shop, Position.Start, new LogReadLimit(3, 1 << 20), Cancel)).OrThrow();

        Assert.Equal((End(8), At(8)), (page.Through, page.At));
    }

    [Fact]
    public async Task ReadAsync_LimitOfBytes_IsKeptAndALargerRecordComesAlone()
    {
        var log = await CreateAsync();
        LogAppend[] appends = [Whole(8, 4, bytes: 400), Whole(16, 1, bytes: 5_000), Whole(24, 3, bytes: 100)];
        await using var appender = await AppendAsync(log, appends);

        var pages = new List<LogPage>();
        for (var after = Position.Start; after < End(24); after = pages[^1].Through)
            pages.Add((await log.ReadAsync(Shop, after, new LogReadLimit(100, 1_000), Cancel)).OrThrow());

        Assert.Equal([2, 2, 1, 3], pages.Select(page => page.Records.Count));
        Assert.Equal(Positions(appends), pages.SelectMany(page => page.Records).Select(record => record.Position));
    }

    [Fact]
    public async Task ReadAsync_NothingMore_IsEmptyAndStays()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 3));

        var atEnd = (await log.ReadAsync(Shop, End(8), LogReadLimit.Default, Cancel)).OrThrow();
        var unknown = (await log.ReadAsync("other", Position.Start, LogReadLimit.Default, Cancel)).OrThrow();

        Assert.Equal((End(8), At(8), 0), (atEnd.Through, atEnd.At, atEnd.Records.Count));
        Assert.Equal((Position.Start, 0), (unknown.Through, unknown.Records.Count));
    }

    [Fact]
    public async Task ReadAsync_BehindTheEnd_IsAnotherLogAndNotNothingYet()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 3));
        await using var begun = await log.OpenAppenderAsync("begun", Cancel);
        await begun.AppendAsync(Part(8, 0, 1), Cancel);

        foreach (
            var (source, after) in new[] { (Shop, End(16)), (Shop, End(8, 2)), ("begun", End(8)), ("other", End(5)) }
        )
        {
            var dropped = Assert.IsType<LogRead<LogPage>.Dropped>(
                await log.ReadAsync(source, after, LogReadLimit.Default, Cancel)
            );
            Assert.Contains($"{after}", dropped.Fault.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ExtentAsync_NothingAppended_IsNull()
    {
        var log = await CreateAsync();
        var unknown = await log.ExtentAsync(Shop, Cancel);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        var opened = await log.ExtentAsync(Shop, Cancel);
        await appender.AppendAsync(Part(8, 0, 1), Cancel);

        Assert.Null(unknown);
        Assert.Null(opened);
        Assert.Equal(new LogExtent(Position.Start, null, default, null), await log.ExtentAsync(Shop, Cancel));
    }

    public static TheoryData<string> Misfits => new(MisfitAppends.Keys);

    private static readonly Dictionary<string, LogAppend> MisfitAppends = new()
    {
        ["a visible record again"] = Part(8, 0, 1),
        ["an unfinished record again"] = Part(16, 1, 1),
        ["more of a transaction that is whole"] = Part(8, 7, 1),
        ["records out of order"] = new LogAppend([Record(24, 1), Record(24, 0)], [], null, At(1)),
        ["a record twice"] = new LogAppend([Record(24, 1), Record(24, 1)], [], null, At(1)),
        ["an earlier epoch"] = Whole(24, 1, epoch: 0),
        ["another epoch behind what is unfinished"] = Whole(24, 1, epoch: 2),
        ["progress into another epoch behind what is unfinished"] = Progress(24, epoch: 2),
        ["two epochs"] = new LogAppend([Record(24, 1), Record(32, 1, epoch: 2)], [], null, At(1)),
        ["an end that goes back"] = Progress(7),
        ["an end within a transaction"] = new LogAppend([Record(24, 0)], [], new Position(1, new Lsn(24), 0), At(1)),
        ["a record at an end"] = new LogAppend([Record(24, int.MaxValue)], [], null, At(1)),
        ["a transaction that the log has"] = new LogAppend([], [Transaction(8, 1, 1)], End(24), At(1)),
        ["a transaction behind the end"] = new LogAppend([], [Transaction(32, 1, 1)], End(24), At(1)),
        ["a transaction without an end"] = new LogAppend([Record(24, 0)], [Transaction(24, 1, 1)], null, At(1)),
        ["transactions out of order"] = new LogAppend(
            [],
            [Transaction(32, 1, 1), Transaction(24, 1, 1)],
            End(40),
            At(1)
        ),
    };

    [Fact]
    public async Task SeekAsync_ClockSteps_FindsTheLastInCommitOrder()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(
            log,
            Snapshot(7, 2),
            Whole(8, 1, 10),
            Whole(16, 1, 20),
            Whole(24, 1, 15),
            Whole(32, 1, 30),
            Progress(40, 50),
            Part(48, 0, 1)
        );

        var found = new List<Position>();
        foreach (var second in new[] { 7, 9.9, 10, 14, 15, 20, 29, 30, 1_000 })
            found.Add((await log.SeekAsync(Shop, At(second), Cancel)).OrThrow());

        Assert.Equal([End(7), End(7), End(8), End(8), End(24), End(24), End(24), End(32), End(32)], found);
        Assert.Contains(
            "begins after that time",
            Dropped(await log.SeekAsync(Shop, At(6), Cancel)),
            StringComparison.Ordinal
        );
        Dropped(await log.SeekAsync("unknown", At(6), Cancel));
    }
}
