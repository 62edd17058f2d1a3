using Strangler.Foundation.Clocks;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Health;

/// <summary>The monotonic clock stands still while the machine is suspended; another clock shows by how much.</summary>
public sealed class AgeClockTests
{
    private readonly TwoClocks _time = new();

    /// <summary>Steps of both clocks in seconds, and what has passed by them at least and at most.</summary>
    [Theory]
    [InlineData(new[] { 1.0, 1, 1, 1 }, 2, 2)]
    [InlineData(new[] { 1.0, 1, 0, 7_200, 1, 1 }, 7_202, 7_202)] // suspended for two hours
    [InlineData(new[] { 1.0, 1, 1, -600, 1, 1 }, 3, 3)] // set back
    [InlineData(new[] { 1.0, -600, 0, 300, 1, 1 }, 302, 302)] // set back, and suspended later
    [InlineData(new[] { 1.0, 601, 1, 1, 1, 1 }, 603, 603)] // set forward: once
    [InlineData(new[] { 1.0, 1, 0.2, 0.4, 1, 1 }, 2.2, 2.2)] // too short to be told from chance
    public void Now_ClocksMoveApart_CountsWhatTheWallClockRanAhead(double[] steps, double least, double most)
    {
        var clock = new AgeClock(_time);
        clock.Now();
        var last = TimeSpan.Zero;

        foreach (var step in steps.Chunk(2))
        {
            _time.Move(TimeSpan.FromSeconds(step[0]), TimeSpan.FromSeconds(step[1]));
            last = clock.Now();
        }

        Assert.InRange(last, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
    }

    [Fact]
    public void Now_ManyShortGaps_AreCountedTogether()
    {
        var clock = new AgeClock(_time);
        clock.Now();

        for (var i = 0; i < 100; i++)
        {
            _time.Move(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
            clock.Now();
        }

        Assert.InRange(clock.Now(), TimeSpan.FromSeconds(20) - AgeClock.MaxUnnoticed, TimeSpan.FromSeconds(20));
    }

    /// <summary>A clock that is set right slowly, as fast as time daemons do, costs no more than it is set.</summary>
    [Fact]
    public void Now_WallClockIsSlewed_NeverJumps()
    {
        var clock = new AgeClock(_time);
        var last = clock.Now();

        for (var i = 0; i < 10_000; i++)
        {
            _time.Move(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500.25));
            var now = clock.Now();
            Assert.InRange(now - last, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));
            last = now;
        }

        Assert.InRange(last, TimeSpan.FromSeconds(5_000), TimeSpan.FromSeconds(5_002.5));
    }

    /// <summary>A paused virtual machine's own clocks stand still both; the source's doesn't.</summary>
    [Fact]
    public void Witness_OtherClockRanAhead_IsCountedOnce()
    {
        var clock = new AgeClock(_time);
        var other = _time.GetUtcNow().AddDays(-3);
        clock.Witness("source", clock.Now(), other);
        Pass(TimeSpan.FromSeconds(1));
        clock.Witness("source", clock.Now(), other + TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        var paused = clock.Now();
        Pass(TimeSpan.FromSeconds(1));
        clock.Witness("source", clock.Now(), other + TimeSpan.FromHours(2) + TimeSpan.FromSeconds(2));
        var after = clock.Now();
        clock.Witness("another", clock.Now(), other.AddDays(9));

        Assert.Equal(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1), paused);
        Assert.Equal(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(2), after);
        Assert.Equal(after, clock.Now());
    }

    /// <summary>When in the time of a look the other clock was read isn't known.</summary>
    [Fact]
    public void Witness_LookTakesLong_IsNoGap()
    {
        var clock = new AgeClock(_time);
        var other = _time.GetUtcNow();
        var sent = clock.Now();
        Pass(TimeSpan.FromSeconds(3));
        clock.Witness("source", sent, other);
        clock.Witness("source", clock.Now(), other.AddSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), clock.Now());
    }

    private void Pass(TimeSpan span) => _time.Move(span, span);
}
