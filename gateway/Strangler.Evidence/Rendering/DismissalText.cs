using System.Text;
using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>The dismissed faults of a route, as the plain-text report shows them.</summary>
internal static class DismissalText
{
    private const int MaxShown = 20;

    public static void Write(StringBuilder text, IReadOnlyList<DismissalReport> dismissals)
    {
        if (dismissals.Count == 0)
            return;
        text.Append("\ndismissed faults, with the parts that were wrong by each\n");
        foreach (var dismissal in dismissals.Take(MaxShown))
            TextTable.Paragraph(
                text,
                $"{dismissal.Cause}: {string.Join(", ", dismissal.Paths)}; dismissed by {dismissal.Who} at "
                    + $"{Time(dismissal.At)} with example {dismissal.Example}: {dismissal.Reason}",
                $"{Number(dismissal.Count), 9}  ",
                "           "
            );
        if (dismissals.Count > MaxShown)
            text.Append($"  … and {Number(dismissals.Count - MaxShown)} more\n");
    }
}
