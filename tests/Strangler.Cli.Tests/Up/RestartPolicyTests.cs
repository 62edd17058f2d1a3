using CsCheck;
using Strangler.Cli.Commands;
using Strangler.Cli.Up;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class RestartPolicyTests
{
    [Theory]
    // code, lasted, early ends before => delay, early ends now
    [InlineData(ExitCode.Fault, 1, 0, 0.5, 1)] // also at the start: its fault doesn't stop others from serving
    [InlineData(ExitCode.Fault, 59, 0, 0.5, 1)]
    [InlineData(ExitCode.Fault, 1, 1, 1.0, 2)]
    [InlineData(ExitCode.Fault, 1, 25, 30.0, 26)]
    [InlineData(ExitCode.Fault, 1, 26, 120.0, 27)] // after about ten minutes
    [InlineData(ExitCode.Fault, 60, 99, 0.5, 1)]
    [InlineData(ExitCode.Success, 1, 0, 0.5, 1)]
    [InlineData(ExitCode.Defect, 1, 0, 0.5, 1)]
    [InlineData(ExitCode.Defect, 1, 5, 16.0, 6)]
    [InlineData(ExitCode.Defect, 1, 6, 30.0, 7)]
    [InlineData(ExitCode.Defect, 1, 99, 30.0, 100)]
    [InlineData(ExitCode.Defect, 60, 6, 0.5, 1)]
    [InlineData(ExitCode.StartAgain, 1, 0, 0.0, 0)]
    [InlineData(ExitCode.StartAgain, 1, 6, 0.0, 0)]
    [InlineData(137, 30, 2, 2.0, 3)]
    public void Decide_EndOfARun_StartsAgain(int code, int seconds, int row, double delay, int next) =>
        Assert.Equal(
            new RestartDecision(TimeSpan.FromSeconds(delay), next),
            RestartPolicy.Decide(new(code, TimeSpan.FromSeconds(seconds), row))
        );

    /// <summary>The front door is closed while the gateway is down; the others only fall behind.</summary>
    [Theory]
    [InlineData("gateway", 2)]
    [InlineData("bridge", 120)]
    [InlineData("projections", 120)]
    public void Decide_PartThatEndedEarlyForHours_RestsAsLongAsItsUsersBear(string name, int most)
    {
        var part = UpCommand.PartsOf([name], ["strangler.json"], null, []).Single();

        var delays = Enumerable
            .Range(0, 200)
            .Select(row => RestartPolicy.Decide(new(ExitCode.Fault, TimeSpan.FromSeconds(1), row), part.MaxDelay).Delay)
            .ToList();

        Assert.Equal(TimeSpan.FromSeconds(0.5), delays[0]);
        Assert.Equal(TimeSpan.FromSeconds(most), delays.Max());
        Assert.Equal(delays.Order(), delays);
    }

    [Fact]
    public void Decide_AnyNumberOfEarlyEnds_NeverWaitsLongerThanTwoMinutesNorShorterThanBefore() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 2])
            .Sample(
                (row, code) =>
                {
                    var now = Delay(row);
                    return now <= TimeSpan.FromMinutes(2) && now >= (row == 0 ? TimeSpan.Zero : Delay(row - 1));

                    TimeSpan Delay(int before) =>
                        RestartPolicy.Decide(new(code, TimeSpan.FromSeconds(1), before)).Delay;
                }
            );
}
