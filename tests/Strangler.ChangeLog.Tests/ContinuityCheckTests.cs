using CsCheck;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>A log whose transactions name the one before each lacks none of them unnoticed.</summary>
public sealed class ContinuityCheckTests
{
    /// <summary>Transactions of three epochs, where the first ones of each may be older than the chain.</summary>
    private static readonly Gen<List<(int Epoch, LogTransaction Transaction)>> Logs = Gen.Select(
            Gen.Int[0, 8],
            Gen.Int[0, 3],
            Gen.Int[1, 9]
        )
        .Array[3]
        .Select(epochs =>
            epochs
                .SelectMany(
                    (epoch, index) =>
                        Chain(epoch.Item1, epoch.Item2, (ulong)epoch.Item3).Select(one => (index + 1, one))
                )
                .ToList()
        );

    [Fact]
    public void Add_WholeLogInAnyPages_HasNoBreak() =>
        Gen.Select(Logs, Gen.Int[1, 7])
            .Sample(
                (log, size) =>
                {
                    var check = Check(log, Position.Start, size);

                    Assert.Empty(check.Breaks);
                    Assert.Equal(log.Count, check.Count);
                    Assert.Equal(log.Count(one => one.Transaction.Previous is not null), check.NamedCount);
                }
            );

    /// <summary>The one after the missing one names it, and so tells where it was.</summary>
    [Fact]
    public void Add_OneIsMissing_IsABreakAtTheNext() =>
        Gen.Select(Logs, Gen.Int[0, 1000])
            .Sample(
                (log, which) =>
                {
                    var named = log.Index()
                        .Where(one => one.Index + 1 < log.Count && Names(log[one.Index + 1], one.Item))
                        .ToList();
                    if (named.Count == 0)
                        return;
                    var (gone, missing) = named[which % named.Count];
                    var next = log[gone + 1];

                    var found = Check([.. log.Where((_, index) => index != gone)], Position.Start, 3);

                    Assert.Equal(1, found.BreakCount);
                    Assert.Equal(
                        new ContinuityBreak(
                            new Position(next.Epoch, next.Transaction.Commit, 0),
                            missing.Transaction.Commit,
                            gone > 0 && log[gone - 1].Epoch == next.Epoch ? log[gone - 1].Transaction.Commit : null
                        ),
                        Assert.Single(found.Breaks)
                    );
                }
            );

    [Fact]
    public void Add_WhatRetentionHasDropped_IsNoBreak() =>
        Gen.Select(Logs, Gen.Int[0, 1000])
            .Sample(
                (log, which) =>
                {
                    if (log.Count == 0)
                        return;
                    var dropped = which % log.Count;
                    var begin = Position.EndOf(log[dropped].Epoch, log[dropped].Transaction.Commit);

                    Assert.Empty(Check(log[(dropped + 1)..], begin, 3).Breaks);
                }
            );

    /// <summary>
    /// The log has dropped what the next one names. That excuses nothing where it has another one in between: at the
    /// place where it begins, or one that it had when the one before the next was read.
    /// </summary>
    [Theory]
    [InlineData(8, 24, 24, false)] // both dropped while they were read
    [InlineData(8, 16, 8, true)]
    [InlineData(24, 8, 8, true)]
    [InlineData(24, 16, 16, true)]
    [InlineData(16, 8, 24, true)]
    public void Add_NamesOneThatRetentionHasDropped_FollowsOnlyIfItCommittedAfterTheOneBefore(
        int held,
        int named,
        int begin,
        bool isBreak
    )
    {
        var next = Transaction(32, 1, 2) with { Previous = new Lsn((ulong)named) };

        var check = new ContinuityCheck();
        check.Add(1, [Transaction((ulong)held, 1, 1)], Position.Start);
        check.Add(1, [next], Position.EndOf(1, new Lsn((ulong)begin)));

        Assert.Equal(isBreak ? 1 : 0, check.BreakCount);
    }

    /// <summary>An appender that names none after others did doesn't know the log that it writes to.</summary>
    [Fact]
    public void Add_NamesNoneAfterOthersDid_IsABreak()
    {
        var log = Chain(4, 0, 1).Select(one => (1, one)).ToList();
        log[3] = (1, log[3].one with { Previous = null });

        var found = Assert.Single(Check(log, Position.Start, 10).Breaks);

        Assert.Equal(new ContinuityBreak(new Position(1, new Lsn(32), 0), null, new Lsn(24)), found);
        Assert.Contains(
            "follows none, but the log has the one at 0/18 before it",
            found.FaultOf("shop").Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Add_ManyBreaks_AreCountedAndTheFirstAreKept()
    {
        var log = Enumerable.Range(1, 50).Select(n => (1, Transaction((ulong)n * 8, 1, n) with { Previous = new(1) }));

        var check = Check([.. log], Position.Start, 7);

        Assert.Equal((50, ContinuityCheck.MaxBreaks), (check.BreakCount, check.Breaks.Count));
        var faults = check.FaultsOf("shop");
        Assert.Equal(ContinuityCheck.MaxBreaks + 1, faults.Count);
        Assert.StartsWith("40 more transactions don't follow", faults[^1].Problem, StringComparison.Ordinal);
    }

    private static bool Names((int Epoch, LogTransaction Transaction) next, (int, LogTransaction Transaction) before) =>
        next.Transaction.Previous == before.Transaction.Commit && next.Epoch == before.Item1;

    private static ContinuityCheck Check(
        IReadOnlyList<(int Epoch, LogTransaction Transaction)> log,
        Position begin,
        int size
    )
    {
        var check = new ContinuityCheck();
        foreach (var page in log.GroupBy(one => one.Epoch).SelectMany(epoch => epoch.Chunk(size)))
            check.Add(
                page[0].Epoch,
                page.SelectMany(one => new[] { one.Transaction, Reading(one.Transaction.Commit) }),
                begin
            );
        return check;
    }

    private static LogTransaction Reading(Lsn after) => new(new Lsn(after.Value + 1), 0, At(1), 5);

    private static IEnumerable<LogTransaction> Chain(int count, int old, ulong step)
    {
        for (var index = 1; index <= count; index++)
        {
            var commit = (ulong)index * step * 8;
            yield return Transaction(commit, 1, index) with
            {
                Previous = index == 1 || index <= old ? null : new Lsn(commit - (step * 8)),
            };
        }
    }
}
