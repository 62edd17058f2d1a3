using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>
/// Verdicts over time as stacked bars, with the same figures in a table for readers who can't see the chart.
/// </summary>
internal static class VerdictChart
{
    private const int MaxRows = 120;

    /// <summary>A verdict and its count in a span, from the bottom of a bar to its top.</summary>
    private static readonly (string Name, Func<VerdictSpan, long> Of)[] Verdicts =
    [
        ("match", span => span.Match),
        ("torn", span => span.Torn),
        ("incomparable", span => span.Incomparable),
        ("undetermined", span => span.Undetermined),
        ("wrong", span => span.Wrong),
    ];

    public static Markup Of(EvidenceReport route)
    {
        if (route.OverTime.Count == 0)
            return Markup.None;
        var sums = Verdicts.Select(verdict => $"{Figures.Number(route.OverTime.Sum(verdict.Of))} {verdict.Name}");
        var columns = Verdicts.Select(verdict => verdict.Name);
        return Markup.Of(
            $"""
            <h3>Verdicts over time</h3>
            <figure><div role="img" aria-label="Verdicts over time: {string.Join(", ", sums)}">{StackedBars.Svg(
                [.. columns.Select(name => $"var(--{name})")],
                [.. route.OverTime.Select(Bar)]
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

    private static StackedBar Bar(VerdictSpan span) =>
        new(span.At, TimeSpan.FromSeconds(span.Seconds), [.. Verdicts.Select(verdict => verdict.Of(span))]);

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
}
