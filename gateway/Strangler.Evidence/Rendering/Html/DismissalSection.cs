using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>Faults that a person has dismissed.</summary>
internal static class DismissalSection
{
    public static Markup Of(IReadOnlyList<DismissalReport> dismissals)
    {
        return dismissals.Count == 0
            ? Markup.None
            : Markup.Of(
                $"""
                <h3>Dismissed faults</h3>
                <ul>{Markup.Each(dismissals, Line)}</ul>
                """
            );

        static Markup Line(DismissalReport dismissal) =>
            Markup.Of(
                $"""
                <li>{Figures.Count(dismissal.Count, "part was", "parts were")} wrong by <code>{string.Join(
                    ", ",
                    dismissal.Paths
                )}</code> ({dismissal.Cause}). {dismissal.Who} dismissed it at {Figures.Time(
                    dismissal.At
                )} UTC with example {dismissal.Example}: {dismissal.Reason}</li>
                """
            );
    }
}
