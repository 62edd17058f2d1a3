using CsCheck;
using Shop.Traffic;
using Xunit;

namespace Strangler.Legacy.Tests.Traffic;

public sealed class TrafficPaceTests
{
    [Theory]
    [InlineData(0, 1, 19)]
    [InlineData(1, 11, 9)]
    [InlineData(5, 20, 0)]
    public void Take_NoPlaceForTwoSeconds_SendsLateWhatIsWithinTheBound(int catchUpSeconds, int sent, int givenUp)
    {
        var pace = new TrafficPace(10, TimeSpan.FromSeconds(catchUpSeconds));
        var lost = 0L;
        for (var tick = 0; tick < 20; tick++)
        {
            Assert.False(pace.Take(TimeSpan.FromMilliseconds(100 * tick), place: false, out var now));
            lost += now;
        }

        var late = 0;
        while (pace.Take(TimeSpan.FromSeconds(2), place: true, out _))
            late++;

        Assert.Equal((sent, givenUp), (late, lost));
    }

    /// <summary>
    /// Whatever the places, every due request is sent or dropped, none is sent before it is due, and no more wait than
    /// allowed.
    /// </summary>
    [Fact]
    public void Take_PlacesComeAndGo_AccountsForEveryRequest() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 3], Gen.Bool.Array[1, 400])
            .Sample(
                (perSecond, catchUp, places) =>
                {
                    var pace = new TrafficPace(perSecond, TimeSpan.FromSeconds(catchUp));
                    long sent = 0,
                        givenUp = 0;
                    var elapsed = TimeSpan.Zero;
                    foreach (var place in places)
                    {
                        elapsed += TimeSpan.FromMilliseconds(20);
                        long now;
                        while (pace.Take(elapsed, place, out now))
                            sent++;
                        givenUp += now;
                        var due = (long)(elapsed.TotalSeconds * perSecond);
                        if (
                            sent + givenUp > due
                            || (place && sent + givenUp != due)
                            || (!place && due - sent - givenUp > catchUp * perSecond)
                        )
                            return false;
                    }
                    givenUp += pace.End(elapsed);
                    return sent + givenUp == (long)(elapsed.TotalSeconds * perSecond);
                }
            );
}
