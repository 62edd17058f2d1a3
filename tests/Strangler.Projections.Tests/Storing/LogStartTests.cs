using CsCheck;
using Strangler.ChangeLog;
using Strangler.Projections.Storing;
using Xunit;

namespace Strangler.Projections.Tests.Storing;

public sealed class LogStartTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Few positions, so that they often coincide.</summary>
    private static readonly Gen<Position> Positions = Gen.Select(
        Gen.Int[1, 3],
        Gen.Int[1, 3],
        (epoch, commit) => Position.EndOf(epoch, new Lsn((ulong)commit))
    );

    [Fact]
    public void Of_AnyCheckpointAndLog_GoesOnExactlyWhereNothingIsMissing() =>
        Gen.Select(Positions, Positions.Array[2], Gen.Bool, Gen.Bool)
            .Sample(
                (position, bounds, applied, holds) =>
                {
                    var (begin, end) = bounds[0] <= bounds[1] ? (bounds[0], bounds[1]) : (bounds[1], bounds[0]);
                    var extent = new LogExtent(begin, end, At, holds ? begin : null);

                    var start = LogStart.Of(
                        new Checkpoint("shop", applied ? position : Position.Start, applied ? At : null, 1),
                        extent
                    );

                    switch (start)
                    {
                        case LogStart.GoOn(var after):
                            Assert.True(
                                applied
                                    ? after == position && begin <= position && position <= end
                                    : holds && after == begin
                            );
                            break;
                        case LogStart.Anew(var after):
                            Assert.True(applied && holds && position < begin && after == begin);
                            break;
                        case LogStart.Refuse:
                            Assert.True(applied ? position > end || (position < begin && !holds) : !holds);
                            break;
                        default:
                            Assert.Fail($"{start}");
                            break;
                    }
                }
            );

    [Fact]
    public void Of_LogWithoutAnEnd_IsWaitedForUntilSomethingWasApplied()
    {
        var empty = new LogExtent(Position.Start, null, At, null);

        Assert.All(
            [null, empty],
            extent => Assert.IsType<LogStart.Wait>(LogStart.Of(new Checkpoint("shop", Position.Start, null, 1), extent))
        );
        Assert.All(
            [null, empty],
            extent =>
                Assert.IsType<LogStart.Refuse>(
                    LogStart.Of(new Checkpoint("shop", Position.EndOf(1, new Lsn(1)), At, 1), extent)
                )
        );
    }

    /// <summary>
    /// A new snapshot begins the epoch after the log's: if that isn't later than the applied one, it would be taken for
    /// old.
    /// </summary>
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, false)]
    public void Of_LogThatEndsBeforeTheCheckpoint_NamesASnapshotOnlyWhereItHelps(
        int logEpoch,
        int appliedEpoch,
        bool helps
    )
    {
        var start = LogStart.Of(
            new Checkpoint("shop", Position.EndOf(appliedEpoch, new Lsn(9)), At, 1),
            new LogExtent(Position.Start, Position.EndOf(logEpoch, new Lsn(5)), At, Position.Start)
        );

        Assert.Equal(helps, Assert.IsType<LogStart.Refuse>(start).Fault.WayOut == LogStart.NewSnapshot);
    }
}
