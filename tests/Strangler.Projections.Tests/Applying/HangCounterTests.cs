using Strangler.Projections.Applying;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class HangCounterTests
{
    private readonly HangCounter _counter = new();

    [Fact]
    public void Tick_NoProgressForTheLimit_Hangs()
    {
        Assert.Equal(Enumerable.Repeat(false, HangCounter.Ticks), Ticks(3, HangCounter.Ticks));

        Assert.True(_counter.Tick(3));
    }

    [Fact]
    public void Tick_ProgressBeforeTheLimit_BeginsTheLimitAgain()
    {
        Ticks(0, HangCounter.Ticks);

        Assert.Equal(Enumerable.Repeat(false, HangCounter.Ticks), Ticks(1, HangCounter.Ticks));
        Assert.True(_counter.Tick(1));
    }

    [Fact]
    public void Tick_CallWaitsForAThread_DoesNotCount()
    {
        Assert.DoesNotContain(true, Ticks(null, 3 * HangCounter.Ticks));

        Assert.DoesNotContain(true, Ticks(0, HangCounter.Ticks));
        Assert.True(_counter.Tick(0));
    }

    [Fact]
    public void Tick_MorePatience_IsAsManyLimits()
    {
        Assert.DoesNotContain(true, Enumerable.Range(0, 5 * HangCounter.Ticks).Select(_ => _counter.Tick(0, 5)));

        Assert.True(_counter.Tick(0, 5));
    }

    private bool[] Ticks(int? progress, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _counter.Tick(progress))];
}
