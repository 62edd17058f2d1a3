using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>What the log keeps to recognize its source's history, and whether it may be answered from.</summary>
public abstract partial class ChangeLogContract
{
    private static LogTransaction Digested(ulong commit, byte version, ulong value) =>
        Transaction(commit, 1, commit) with
        {
            Digest = new TransactionDigest(version, new UInt128(value, commit)),
            Previous = new Lsn(commit - version),
        };

    [Fact]
    public async Task TransactionsAsync_Range_GivesThoseOfTheSourceWithWhatTheyHave()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 100 });
        await using var appender = await AppendAsync(log, Snapshot(7, 2));
        LogTransaction[] all =
        [
            Digested(16, 1, ulong.MaxValue),
            Transaction(24, 1, 24),
            .. Enumerable.Range(4, 20).Select(n => Digested((ulong)n * 8, 255, 0)),
        ];
        foreach (var one in all)
            await appender.AppendAsync(Whole(one.Commit.Value, 1, bytes: 60) with { Transactions = [one] }, Cancel);
        await appender.AppendAsync(Snapshot(23 * 8 + 7, 3), Cancel); // a table read again
        await appender.AppendAsync(Part(25 * 8, 0, 1), Cancel); // not whole

        Assert.Equal(all, await appender.TransactionsAsync(Start(0), End(500), 100, Cancel));
        Assert.Equal(all[1..4], await appender.TransactionsAsync(Start(24), End(40), 100, Cancel));
        Assert.Equal(all[1..3], await appender.TransactionsAsync(Start(17), End(500), 2, Cancel));
        Assert.Empty(await appender.TransactionsAsync(Start(23 * 8 + 1), End(500), 100, Cancel));
        Assert.Empty(await appender.TransactionsAsync(Start(0, epoch: 2), End(500, epoch: 2), 100, Cancel));
        var index = Assert.IsType<ITransactionIndex>(log, exactMatch: false);
        Assert.Equal(all, (await index.TransactionsAsync(Shop, Start(0), End(500), 100, Cancel)).OrThrow());
        Assert.Equal(all[1..3], (await index.TransactionsAsync(Shop, Start(17), End(500), 2, Cancel)).OrThrow());
        Assert.Empty((await index.TransactionsAsync("nobody", Start(0), End(500), 100, Cancel)).OrThrow());
    }

    /// <summary>Each transaction names the one before, over segments and epochs, whatever retention drops.</summary>
    [Fact]
    public async Task ReadAsync_ContinuityOfALog_IsProvenAndABreakIsFound()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 100 });
        await using var appender = await AppendAsync(log, Snapshot(7, 2));
        for (var n = 2UL; n < 12; n++)
            await appender.AppendAsync(Follows(n * 8, n == 2 ? null : n * 8 - 8), Cancel);
        var whole = await ContinuityReader.ReadAsync(log, Shop, Cancel);
        await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0, End(40)), Cancel);
        var retained = await ContinuityReader.ReadAsync(log, Shop, Cancel);
        await appender.AppendAsync(Snapshot(7, 1, epoch: 2), Cancel);
        await appender.AppendAsync(Follows(16, null, epoch: 2), Cancel);
        await appender.AppendAsync(Follows(32, 24, epoch: 2), Cancel);

        var broken = await ContinuityReader.ReadAsync(log, Shop, Cancel);

        Assert.Null(await ContinuityReader.ReadAsync(log, "nobody", Cancel));
        Assert.Equal(
            (10, 9, 0),
            (whole!.Value.Check.Count, whole.Value.Check.NamedCount, whole.Value.Check.BreakCount)
        );
        Assert.True(retained!.Value.Extent.Begin > Position.Start);
        Assert.Empty(retained.Value.Check.Breaks);
        Assert.Equal(
            new ContinuityBreak(Start(32, epoch: 2), new Lsn(24), new Lsn(16)),
            Assert.Single(broken!.Value.Check.Breaks)
        );

        static LogAppend Follows(ulong commit, ulong? previous, int epoch = 1) =>
            Whole(commit, 1, epoch: epoch, bytes: 60) with
            {
                Transactions =
                [
                    Transaction(commit, 1, commit) with
                    {
                        Previous = previous is { } before ? new Lsn(before) : null,
                    },
                ],
            };
    }

    [Fact]
    public async Task TransactionsAsync_NextEpochAtTheSamePositions_AreKeptApart()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(
            log,
            Whole(8, 1),
            Whole(16, 1),
            Snapshot(7, 1, epoch: 2),
            Whole(16, 2, epoch: 2)
        );

        Assert.Equal(
            [8UL, 16UL],
            (await appender.TransactionsAsync(Start(0), End(100), 100, Cancel)).Select(one => one.Commit.Value)
        );
        Assert.Equal(
            [(16UL, 2)],
            (await appender.TransactionsAsync(Start(0, epoch: 2), End(100, epoch: 2), 100, Cancel)).Select(one =>
                (one.Commit.Value, one.Records)
            )
        );
    }

    [Fact]
    public async Task RetainAsync_WhatTheSourceMaySendAgain_IsKept()
    {
        var log = await CreateAsync(new FakeTimeProvider(Day), new EmbeddedLogOptions { SegmentBytes = 1_000 });
        await using var appender = await AppendAsync(
            log,
            [.. Enumerable.Range(1, 20).Select(n => Whole((ulong)n * 8, 4, bytes: 250))]
        );

        var none = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0, End(7)), Cancel);
        var some = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0, End(5 * 8)), Cancel);
        var rest = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0, End(500)), Cancel);

        Assert.Equal((0, 5, 14), (none, some, rest));
    }

    [Fact]
    public async Task OpenAppenderAsync_LogWithAnEnd_IsNotTrustedUntilItIsVerifiedOrANewEpochStands()
    {
        var log = await CreateAsync();
        await using var first = await AppendAsync(log, Snapshot(7, 1));
        var begun = await TrustAsync();
        await using var second = await log.OpenAppenderAsync(Shop, Cancel);
        await second.AppendAsync(Whole(16, 1), Cancel);
        var opened = await TrustAsync();
        await second.VerifiedAsync("server 1", Cancel);
        var verified = await TrustAsync();
        await using var third = await log.OpenAppenderAsync(Shop, Cancel);
        var again = await TrustAsync();
        await third.AppendAsync(new LogAppend([Record(7, 0, 2, xid: 0)], [], null, At(17)), Cancel);
        var half = await TrustAsync();
        await third.AppendAsync(new LogAppend([], [], End(7, epoch: 2), At(17)), Cancel);
        var whole = await TrustAsync();
        await third.VerifiedAsync("server 2", Cancel);

        (int, int, string?)[] expected =
        [
            (1, 0, null),
            (1, 2, null),
            (1, 1, "server 1"),
            (1, 2, null),
            (1, 2, null),
            (2, 2, null),
            (2, 2, "server 2"),
        ];
        Assert.Equal(expected, new[] { begun, opened, verified, again, half, whole, await TrustAsync() });
        await Assert.ThrowsAsync<FaultException>(() => second.VerifiedAsync("server 1", Cancel));
        Assert.Equal((2, 2, "server 2"), await TrustAsync());

        async Task<(int, int, string?)> TrustAsync() =>
            await log.ExtentAsync(Shop, Cancel) is { } extent
                ? (extent.End!.Value.Epoch, extent.TrustedEpoch, extent.VerifiedServer)
                : default;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(18)]
    public void FromBytes_NotADigest_IsRefused(int length) =>
        Assert.Throws<FormatException>(() => TransactionDigest.FromBytes(new byte[length]));

    [Fact]
    public void ToBytes_AnyDigest_IsReadBack()
    {
        var digest = new TransactionDigest(7, UInt128.MaxValue - 2);

        Assert.Equal("07FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD", Convert.ToHexString(digest.ToBytes()));
        Assert.Equal(digest, TransactionDigest.FromBytes(digest.ToBytes()));
        Assert.Equal("7:fffffffffffffffffffffffffffffffd", digest.ToString());
    }
}
