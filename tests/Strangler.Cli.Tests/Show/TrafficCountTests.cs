using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class TrafficCountTests
{
    private static readonly TrafficFigures Some = new(10, 0, 0);

    [Fact]
    public void Add_LinesThatNameItems_CountsReadsOfTheWatchedSinceTheyAreWatched()
    {
        var count = new TrafficCount();

        count.Add(new(false, Some, Some, ["000001", "000002"]));
        count.Watch(new HashSet<string> { "000001", "000003" });
        count.Add(new(false, Some, Some, ["000001", "000002", "000001", "000003"]));
        count.Add(new(false, Some, Some, null));
        count.Add(new(true, Some, Some, ["000003"]));

        Assert.Equal(4, count.ReadsOfWatched);
        Assert.Equal(10, count.Totals.Reads);
    }
}
