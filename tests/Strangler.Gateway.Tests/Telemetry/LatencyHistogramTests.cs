using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.Evidence;
using Strangler.Gateway.Telemetry;
using Xunit;

namespace Strangler.Gateway.Tests.Telemetry;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantile_AnyDurations_IsAtMostAThirtySecondTooHigh() =>
        Gen.Select(Gen.Long[0, 100_000_000].Array[1, 50], Gen.Double[0, 1])
            .Sample(
                (values, quantile) =>
                {
                    var histogram = new LatencyHistogram();
                    foreach (var value in values)
                        histogram.Record(value);
                    var sums = LatencyHistogram.EmptySums();
                    histogram.AddTo(sums);

                    var found = LatencyHistogram.Quantile(sums, quantile)!.Value;

                    var exact = values.Order().ElementAt(Math.Max(1, (int)Math.Ceiling(values.Length * quantile)) - 1);
                    return found >= exact && found <= exact + exact / 32;
                }
            );

    [Fact]
    public void Read_SecondsPass_OnlyTheLastTenAreRecent()
    {
        var time = new FakeTimeProvider();
        var side = new SideStats(time);
        for (var second = 0; second < 25; second++)
        {
            side.Record(TimeSpan.FromMilliseconds(second));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var figures = side.Read();

        Assert.Equal((25, 1.0), (figures.Count, figures.PerSecond));
        Assert.InRange(figures.RecentP50!.Value, 19, 20);
        Assert.InRange(figures.P50!.Value, 12, 13);
        Assert.InRange(figures.RecentP99!.Value, 24, 25);
    }

    [Fact]
    public void Read_Nothing_HasNoQuantiles() =>
        Assert.Equal(new SideFigures(0, 0, null, null, null, null), new SideStats(new FakeTimeProvider()).Read());
}
