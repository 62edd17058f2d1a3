using Xunit;

namespace Strangler.Cli.Tests;

public sealed class PartTextTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private const string Fault = "slot 'strangler': It was dropped.";

    [Fact]
    public void Sentences_PartThatEnded_SaysHowAndWhatItSaidAndWhenItIsTriedAgain() =>
        Assert.Equal(
            [
                "bridge: not running since 12:00:00 UTC, when it ended with exit code 2. It is started again at "
                    + "12:02:00 UTC.",
                $"bridge: {Fault}",
            ],
            PartText.Sentences(new("bridge", IsRunning: false, At, 2, [Fault], At.AddMinutes(2)), At.AddSeconds(5))
        );

    [Fact]
    public void Sentences_PartThatHasJustBeenStartedAgain_SaysWhatItSaidBefore() =>
        Assert.Equal(
            ["bridge: running again since 12:00:00 UTC; before, it ended with exit code 2.", $"bridge: {Fault}"],
            PartText.Sentences(new("bridge", IsRunning: true, At, 2, [Fault], null), At.AddSeconds(59))
        );

    [Theory]
    [InlineData(null, 1)] // its first run
    [InlineData(2, 60)] // long enough to count as healthy
    public void Sentences_PartThatRuns_IsNothing(int? code, int seconds) =>
        Assert.Empty(PartText.Sentences(new("bridge", IsRunning: true, At, code, [], null), At.AddSeconds(seconds)));

    /// <summary>A waiting part keeps running: what it waits for is in its log, with its age.</summary>
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(-5, "0 s")] // the clocks of gateway and reader differ
    [InlineData(119, "119 s")]
    [InlineData(125, "2 min")]
    [InlineData(3 * 3600, "3 h")]
    [InlineData(50 * 3600, "2 d")]
    public void Sentences_PartThatHasLoggedAnError_SaysItWithItsAge(int seconds, string age) =>
        Assert.Equal(
            [$"bridge: the newest error in its log, {age} old: It waits."],
            PartText.Sentences(
                new("bridge", IsRunning: true, At.AddHours(-1), null, [], null) { LastError = new(At, "It waits.") },
                At.AddSeconds(seconds)
            )
        );

    [Fact]
    public void Sentences_PartThatRunsAgainAndHasLoggedAnError_SaysWhatItSaidBeforeToo() =>
        Assert.Equal(
            [
                "bridge: running again since 12:00:00 UTC; before, it ended with exit code 2.",
                $"bridge: {Fault}",
                "bridge: the newest error in its log, 1 s old: It waits.",
            ],
            PartText.Sentences(
                new("bridge", IsRunning: true, At, 2, [Fault], null) { LastError = new(At, "It waits.") },
                At.AddSeconds(1)
            )
        );
}
