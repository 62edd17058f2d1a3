using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>
/// Verdicts over time as stacked bars, with the same figures in a table for readers who can't see the chart.
/// </summary>
internal static partial class VerdictChart
{
    private const int Width = 1040;
    private const int Height = 220;
    private const int MaxRows = 120;

    /// <summary>
    /// A verdict, its count in a span, and a colour that the page's style replaces with its own, light or dark.
    /// </summary>
    private static readonly (string Name, Func<VerdictSpan, long> Of, OxyColor Color)[] Verdicts =
    [
        ("match", span => span.Match, Mark(1)),
        ("torn", span => span.Torn, Mark(2)),
        ("incomparable", span => span.Incomparable, Mark(3)),
        ("undetermined", span => span.Undetermined, Mark(4)),
        ("wrong", span => span.Wrong, Mark(5)),
    ];

    private static readonly OxyColor Ink = Mark(6);
    private static readonly OxyColor Rule = Mark(7);

    public static Markup Of(EvidenceReport route)
    {
        if (route.OverTime.Count == 0)
            return Markup.None;
        var sums = Verdicts.Select(verdict => $"{Figures.Number(route.OverTime.Sum(verdict.Of))} {verdict.Name}");
        var columns = Verdicts.Select(verdict => verdict.Name);
        return Markup.Of(
            $"""
            <h3>Verdicts over time</h3>
            <figure><div role="img" aria-label="Verdicts over time: {string.Join(", ", sums)}">{Svg(
                route.OverTime
            )}</div>
            <ul class="legend">{Markup.Each(columns, Swatch)}</ul></figure>
            <details><summary>The same as a table</summary>
            {RouteSection.Table(
                "Verdicts over time",
                ["From (UTC)", "Seconds", .. columns],
                Markup.Each(route.OverTime.TakeLast(MaxRows), Row)
            )}
            </details>
            """
        );
    }

    private static Markup Swatch(string verdict) =>
        Markup.Of($"""<li style="--swatch: var(--{verdict})">{verdict}</li>""");

    private static Markup Row(VerdictSpan span) =>
        Markup.Of(
            $"""
            <tr><th scope="row">{Figures.Time(span.At)}</th><td>{span.Seconds}</td>{Markup.Each(
                Verdicts,
                verdict => Markup.Of($"""<td>{Figures.Number(verdict.Of(span))}</td>""")
            )}</tr>

            """
        );

    private static Markup Svg(IReadOnlyList<VerdictSpan> spans)
    {
        var plot = new PlotModel
        {
            Background = OxyColors.Transparent,
            PlotAreaBorderThickness = new(0, 0, 0, 1),
            PlotAreaBorderColor = Rule,
            TextColor = Ink,
            DefaultFont = "sans-serif",
            DefaultFontSize = 12,
            Padding = new(28, 6, 6, 0),
        };
        plot.Axes.Add(
            new DateTimeAxis
            {
                Position = AxisPosition.Bottom,
                AxislineColor = Rule,
                TicklineColor = Rule,
                MinorTickSize = 0,
                StringFormat = Span(spans) < TimeSpan.FromDays(2) ? "HH:mm" : "MM-dd HH:mm",
            }
        );
        plot.Axes.Add(
            new LinearAxis
            {
                Position = AxisPosition.Left,
                Minimum = 0,
                AxislineColor = Rule,
                TicklineColor = OxyColors.Transparent,
                MajorGridlineStyle = LineStyle.Solid,
                MajorGridlineColor = Rule,
                MinorTickSize = 0,
                MaximumPadding = 0.05,
                StringFormat = "#,0",
            }
        );
        foreach (var (_, of, color) in Verdicts)
        {
            var bars = new RectangleBarSeries { FillColor = color, StrokeThickness = 0 };
            foreach (var span in spans)
            {
                var below = Verdicts.TakeWhile(verdict => verdict.Color != color).Sum(verdict => verdict.Of(span));
                if (of(span) is > 0 and var count)
                    bars.Items.Add(
                        new(
                            DateTimeAxis.ToDouble(span.At.UtcDateTime),
                            below,
                            DateTimeAxis.ToDouble(span.At.UtcDateTime.AddSeconds(span.Seconds * 0.92)),
                            below + count
                        )
                    );
            }
            plot.Series.Add(bars);
        }
        return new(Themed(SvgExporter.ExportToString(plot, Width, Height, isDocument: false)));
    }

    private static TimeSpan Span(IReadOnlyList<VerdictSpan> spans) => spans[^1].At - spans[0].At;

    /// <summary>Replaces our colours with the page's, and makes the picture as wide as the page.</summary>
    private static string Themed(string svg)
    {
        for (var i = 0; i < Verdicts.Length; i++)
            svg = svg.Replace(Rgb(i + 1), $"var(--{Verdicts[i].Name})", StringComparison.OrdinalIgnoreCase);
        svg = svg.Replace(Rgb(6), "var(--soft)", StringComparison.OrdinalIgnoreCase)
            .Replace(Rgb(7), "var(--line)", StringComparison.OrdinalIgnoreCase);
        return Opening()
            .Replace(
                svg,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" """
                        + $"""aria-hidden="true" focusable="false">"""
                ),
                1
            );
    }

    private static OxyColor Mark(byte number) => OxyColor.FromRgb(1, 2, number);

    private static string Rgb(int number) => $"rgb(1,2,{number})"; // the form in which OxyPlot writes a colour

    [GeneratedRegex("^[^<]*<svg[^>]*>")]
    private static partial Regex Opening();
}
