using CsCheck;
using Strangler.Cli.Up;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class RestartsTests
{
    [Theory]
    // code, lasted, first run, early ends before => delay (null: give up), early ends now
    [InlineData(ExitCode.Fault, 1, true, 0, null, 0)]
    [InlineData(ExitCode.Fault, 59, true, 0, null, 0)]
    [InlineData(ExitCode.Fault, 60, true, 0, 0.5, 1)]
    [InlineData(ExitCode.Fault, 1, false, 0, 0.5, 1)]
    [InlineData(ExitCode.Fault, 1, false, 1, 1.0, 2)]
    [InlineData(ExitCode.Success, 1, true, 0, 0.5, 1)]
    [InlineData(ExitCode.Defect, 1, true, 0, 0.5, 1)]
    [InlineData(ExitCode.Defect, 1, false, 5, 16.0, 6)]
    [InlineData(ExitCode.Defect, 1, false, 6, 30.0, 7)]
    [InlineData(ExitCode.Defect, 60, false, 6, 0.5, 1)]
    [InlineData(ExitCode.StartAgain, 1, true, 0, 0.0, 0)]
    [InlineData(ExitCode.StartAgain, 1, false, 6, 0.0, 0)]
    [InlineData(137, 30, false, 2, 2.0, 3)]
    public void Decide_EndOfARun_StartsAgainOrGivesUp(int code, int seconds, bool first, int row, double? delay, int next)
    {
        var decision = Restarts.Decide(new(code, TimeSpan.FromSeconds(seconds), first, row));

        Assert.Equal(delay is { } after ? new AfterEnd.StartAgain(TimeSpan.FromSeconds(after), next) : new AfterEnd.GiveUp(), decision);
    }

    [Fact]
    public void Decide_AnyNumberOfEarlyEnds_NeverWaitsLongerThanHalfAMinuteNorShorterThanBefore() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 2]).Sample((row, code) =>
        {
            var now = Delay(row);
            return now <= TimeSpan.FromSeconds(30) && now >= (row == 0 ? TimeSpan.Zero : Delay(row - 1));

            TimeSpan Delay(int before) => ((AfterEnd.StartAgain)Restarts.Decide(new(code, TimeSpan.FromSeconds(1), First: false, before))).Delay;
        });
}
