using System.Globalization;
using System.Xml.Linq;
using CsCheck;
using Strangler.Evidence.Rendering.Html;
using Xunit;

namespace Strangler.Evidence.Tests.Rendering;

/// <summary>The chart over time: no label twice, bars as high as their counts.</summary>
public sealed class StackedBarsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 22, 30, 0, TimeSpan.Zero);

    [Fact]
    public void OfTimes_AnySpan_HasNoLabelTwiceAndNotTooMany() =>
        Gen.Select(Gen.Long[0, TimeSpan.FromDays(400).Ticks], Gen.Double[0, 8.3])
            .Sample(
                (offset, magnitude) =>
                {
                    var from = Start.AddTicks(offset);
                    var labels = AxisSteps
                        .OfTimes(from, from.AddSeconds(Math.Pow(10, magnitude)), 8)
                        .Select(label => label.At.ToString(label.Format, CultureInfo.InvariantCulture))
                        .ToList();
                    return labels.Count is >= 1 and <= 9 || magnitude < 0.5
                        ? labels.Distinct().Count() == labels.Count
                        : throw new InvalidOperationException($"{labels.Count} labels for 10^{magnitude} s");
                },
                iter: 5_000
            );

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(11, 2)]
    [InlineData(12, 5)]
    [InlineData(2_999, 500)]
    [InlineData(3_000, 1_000)]
    public void OfCounts_Greatest_NeedsAtMostFiveLabels(long greatest, long step) =>
        Assert.Equal(step, AxisSteps.OfCounts(greatest, 5));

    [Fact]
    public void Svg_TwoBars_AreAsHighAsTheirCountsAndStacked()
    {
        var svg = XElement.Parse(
            StackedBars
                .Svg(
                    ["green", "red"],
                    [
                        new(Start, TimeSpan.FromMinutes(1), [300, 0]),
                        new(Start.AddMinutes(1), TimeSpan.FromMinutes(1), [100, 50]),
                    ]
                )
                .ToString()!
        );

        var bars = svg.Elements().Where(element => element.Name.LocalName == "rect").ToList();
        Assert.Equal(["green", "green", "red"], bars.Select(bar => bar.Attribute("fill")!.Value));
        var (whole, third, sixth) = (Number(bars[0], "height"), Number(bars[1], "height"), Number(bars[2], "height"));
        Assert.Equal(
            (whole / 3, whole / 6),
            (third, sixth),
            (a, b) => Near(a.Item1, b.Item1) && Near(a.Item2, b.Item2)
        );
        Assert.True(Near(Number(bars[1], "y"), Number(bars[2], "y") + sixth));
        Assert.True(Number(bars[0], "x") + Number(bars[0], "width") < Number(bars[1], "x"));
    }

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static bool Near(double one, double two) => Math.Abs(one - two) < 0.05;
}
