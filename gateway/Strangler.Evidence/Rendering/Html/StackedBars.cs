using System.Globalization;
using System.Text;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>Draws stacked bars over time as SVG, in colours of the page's style.</summary>
internal static class StackedBars
{
    private const double Width = 1040;
    private const double Height = 220;
    private const double Left = 56;
    private const double Right = 24;
    private const double Top = 10;
    private const double Bottom = 26;
    private const double Filled = 0.92; // of a bar's span, so that two bars are told apart
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private const int MaxCounts = 5;
    private const int MaxTimes = 8;

    /// <param name="colours">CSS colours, one for each count of a bar.</param>
    /// <param name="bars">At least one, in the order of time.</param>
    public static Markup Svg(IReadOnlyList<string> colours, IReadOnlyList<StackedBar> bars)
    {
        var (from, to) = (bars[0].At, bars.Max(bar => bar.At + bar.Span));
        var highest = Math.Max(1, bars.Max(bar => bar.Counts.Sum()));
        var svg = new StringBuilder();
        svg.Append(
            Invariant,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" aria-hidden="true" """
                + $"""focusable="false" font-family="sans-serif" font-size="12" fill="var(--soft)">"""
        );
        var step = AxisSteps.OfCounts(highest, MaxCounts);
        for (long count = 0; count <= highest; count += step)
        {
            svg.Append(
                Invariant,
                $"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(count):0.#}" y2="{Y(count):0.#}" """
                    + $"""stroke="var(--line)"/>"""
            );
            svg.Append(
                Invariant,
                $"""<text x="{Left - 6}" y="{Y(count) + 4:0.#}" text-anchor="end">{count:#,0}</text>"""
            );
        }
        foreach (var (at, format) in AxisSteps.OfTimes(from, to, MaxTimes))
        {
            var label = at.ToString(format, Invariant);
            svg.Append(Invariant, $"""<text x="{X(at):0.#}" y="{Height - 6}" text-anchor="middle">{label}</text>""");
        }
        foreach (var bar in bars)
        {
            long below = 0;
            foreach (var (index, count) in bar.Counts.Index().Where(part => part.Item > 0))
            {
                svg.Append(
                    Invariant,
                    $"""<rect x="{X(bar.At):0.##}" y="{Y(below + count):0.##}" width="{Wide(bar):0.##}" """
                        + $"""height="{Y(below) - Y(below + count):0.##}" fill="{colours[index]}"/>"""
                );
                below += count;
            }
        }
        return new(svg.Append("</svg>").ToString());

        double X(DateTimeOffset at) => Left + ((at - from) / (to - from) * (Width - Left - Right));
        double Y(long count) => Height - Bottom - ((double)count / highest * (Height - Top - Bottom));
        double Wide(StackedBar bar) => Math.Max(1, X(bar.At + (bar.Span * Filled)) - X(bar.At));
    }
}
