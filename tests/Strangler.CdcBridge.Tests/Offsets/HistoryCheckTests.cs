using CsCheck;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Offsets;

public sealed class HistoryCheckTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A history: at each position a transaction with some content, or none; 0 publishes nothing.</summary>
    private static readonly Gen<int?[]> History = Gen.Int[-2, 3]
        .Select(content => content < 0 ? (int?)null : content)
        .Array[0, 12];

    /// <summary>
    /// The log has the first history up to its end. The result depends on whether the histories publish the same in
    /// between, and end the same: stated here without merging anything.
    /// </summary>
    [Fact]
    public void Sent_AnyTwoHistories_DifferWhereTheyPublishSomethingElseOrEndOtherwise() =>
        Gen.Select(History, History, Gen.Int[0, 12], Gen.Int[0, 13], Gen.Bool, Gen.Bool)
            .Sample(
                (log, server, from, through, same, remembers) =>
                {
                    if (same)
                        server = log;
                    var logged = log.Index().Where(one => one.Item is not null && one.Index <= through).ToList();
                    var sent = server
                        .Index()
                        .Where(one => one.Item is not null && one.Index >= from && one.Index <= through)
                        .ToList();
                    var seen = remembers && logged.Count > 0 ? logged[^1].Index : -1;
                    // Both directions: what publishes something, and the very last one, which may publish nothing.
                    var differs = Enumerable
                        .Range(0, 14)
                        .Any(place =>
                            place >= from
                            && place <= through
                            && (
                                Content(log, place) != Content(server, place)
                                || (place == seen && At(log, place) != At(server, place))
                            )
                        );

                    var found = Run(
                        new HistoryCheck(
                            Commit(from),
                            Position.EndOf(1, Commit(through)),
                            seen >= 0 ? new SeenTransaction(Commit(seen), Xid(seen, log[seen]!.Value), Day) : null
                        ),
                        [.. logged.Where(one => one.Item > 0).Select(one => Logged(one.Index, one.Item!.Value))],
                        [.. sent.Select(one => Sent(one.Index, one.Item!.Value))]
                    );

                    Assert.Equal(differs, found is not null);
                }
            );

    [Fact]
    public void Sent_MoreThanAPage_ComparesAll()
    {
        LogTransaction[] log = [.. Enumerable.Range(0, 2_500).Select(place => Logged(place, 1))];
        SentTransaction[] sent = [.. Enumerable.Range(0, 2_500).Select(place => Sent(place, 1))];

        Assert.Null(Run(new HistoryCheck(Commit(0), Position.EndOf(1, Commit(2_499)), null), log, sent));
        Assert.Equal(
            new HistoryDifference.NotSent(Commit(2_400), log[2_400].Xid, Day),
            Run(new HistoryCheck(Commit(0), Position.EndOf(1, Commit(2_499)), null), log, sent[..2_400])
        );
        Assert.Equal(
            new HistoryDifference.NotLogged(Commit(1_000), sent[1_000]),
            Run(
                new HistoryCheck(Commit(0), Position.EndOf(1, Commit(2_499)), null),
                [.. log[..1_000], .. log[1_001..]],
                sent
            )
        );
    }

    /// <summary>Two versions of the product, or an entry from before digests: what both have is compared.</summary>
    [Theory]
    [InlineData(3, 3, 7u, 0, false)]
    [InlineData(5, 3, 7u, 0, false)] // records of schemas and tombstones count too
    [InlineData(2, 3, 7u, 0, true)]
    [InlineData(3, 3, 8u, 0, true)]
    [InlineData(3, 3, 7u, 1, true)]
    public void Sent_EntryWithoutADigestThatCompares_IsHeldAgainstIdTimeAndCount(
        int records,
        int changes,
        uint xid,
        int microseconds,
        bool differs
    )
    {
        foreach (var digest in new TransactionDigest?[] { null, new TransactionDigest(200, 5) })
        {
            var sent = new SentTransaction(
                Commit(1),
                xid,
                Day.AddMicroseconds(microseconds),
                changes,
                new TransactionDigest(1, 9)
            );

            var found = Run(
                new HistoryCheck(Commit(0), Position.EndOf(1, Commit(2)), null),
                [new LogTransaction(Commit(1), (5UL << 32) + 7, Day, records, digest)],
                [sent]
            );

            Assert.Equal(differs, found is HistoryDifference.Other);
        }
    }

    private static HistoryDifference? Run(
        HistoryCheck check,
        IReadOnlyList<LogTransaction> log,
        IReadOnlyList<SentTransaction> sent
    )
    {
        foreach (var one in sent)
        {
            Give();
            if (check.Sent(one) is { } difference)
                return difference;
        }
        Give();
        return check.Passed();

        void Give()
        {
            while (check.Wants is { } from)
                check.Expect([
                    .. log.Where(one => one.Commit >= from.Commit && one.Commit <= check.End.Commit)
                        .Take(HistoryCheck.PageSize),
                ]);
        }
    }

    private static (int Content, bool Any) At(int?[] history, int place) =>
        place < history.Length && history[place] is { } content ? (content, true) : (0, false);

    private static int Content(int?[] history, int place) => At(history, place).Content;

    private static Lsn Commit(int place) => new((ulong)(place + 1) * 8);

    private static uint Xid(int place, int content) => (uint)(100 + place * 10 + content);

    private static LogTransaction Logged(int place, int content) =>
        new(Commit(place), Xid(place, content), Day, content, new TransactionDigest(1, (UInt128)content));

    private static SentTransaction Sent(int place, int content) =>
        new(Commit(place), Xid(place, content), Day, content, new TransactionDigest(1, (UInt128)content));
}
