using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class ShadowPlacesTests
{
    private const int Most = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new();
    private readonly ShadowPlaces _places;

    public ShadowPlacesTests() => _places = new ShadowPlaces(Most, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Take_EveryPlaceIsTaken_ThereIsNoneUntilOneIsGivenBack()
    {
        var taken = Take(Most);
        Assert.Null(_places.TryTake());
        Assert.Null(_places.TryTake());

        _places.GiveBack(taken[1]);

        Assert.NotNull(_places.TryTake());
        Assert.Null(_places.TryTake());
    }

    [Fact]
    public async Task Wait_NothingIsUnderWay_EndsAtOnce()
    {
        _places.GiveBack(Take(1)[0]);

        Assert.Equal(0, await Started().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancellation));
    }

    [Fact]
    public async Task Wait_EarlierOnes_EndsWithTheLastOfThemInAnyOrder()
    {
        var earlier = Take(3);
        var wait = Started();

        _places.GiveBack(earlier[2]);
        _places.GiveBack(earlier[0]);
        Assert.False(wait.IsCompleted);
        _places.GiveBack(earlier[1]);

        Assert.Equal(0, await Ended(wait));
    }

    [Fact]
    public async Task Wait_LaterOnes_NeitherProlongItNorEndIt()
    {
        var earlier = Take(1)[0];
        var wait = Started();
        var later = Take(2);

        _places.GiveBack(later[0]);
        Assert.False(wait.IsCompleted);
        _places.GiveBack(earlier);

        Assert.Equal(0, await Ended(wait));
    }

    /// <summary>
    /// A place that is given back without a comparison counts like any other, even if it was taken only briefly.
    /// </summary>
    [Fact]
    public async Task Wait_TwoAtDifferentTimes_EachHasItsOwn()
    {
        var first = Take(1)[0];
        var one = Started();
        var second = Take(1)[0];
        var both = Started();

        _places.GiveBack(first);
        Assert.Equal(0, await Ended(one));
        Assert.False(both.IsCompleted);
        _places.GiveBack(second);

        Assert.Equal(0, await Ended(both));
    }

    [Fact]
    public async Task Wait_LimitComesFirst_SaysHowManyAreLeftAndDisturbsNoLaterOne()
    {
        var earlier = Take(3);
        var wait = Started();
        _places.GiveBack(earlier[0]);
        _time.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(wait.IsCompleted);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(2, await Ended(wait));
        var next = Started();
        _places.GiveBack(earlier[1]);
        _places.GiveBack(earlier[2]);
        Assert.Equal(0, await Ended(next));
    }

    [Fact]
    public async Task Wait_Cancelled_EndsAndThePlacesStayTaken()
    {
        var earlier = Take(1)[0];
        using var away = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var wait = _places.WaitForEarlierAsync(Limit, away.Token);

        await away.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ended(wait));
        var next = Started();
        Assert.False(next.IsCompleted);
        _places.GiveBack(earlier);
        Assert.Equal(0, await Ended(next));
    }

    private List<ShadowPlace> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => _places.TryTake()!.Value)];

    private Task<int> Started() => _places.WaitForEarlierAsync(Limit, Cancellation);

    /// <summary>The wait's clock doesn't move, so a wait that doesn't end fails the test.</summary>
    private static Task<int> Ended(Task<int> wait) =>
        wait.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancellation);
}
