using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Strangler.Demo.Show;

/// <summary>How the summary is displayed: before and after, side by side, within 80 columns.</summary>
internal static class SummaryView
{
    public static IRenderable Of(DemoSummary summary)
    {
        var table = new Table()
            .Border(TableBorder.Simple)
            .Title($"route {Markup.Escape(summary.Route)}")
            .AddColumn("")
            .AddColumn(new TableColumn("call graph").RightAligned())
            .AddColumn(new TableColumn("lookup").RightAligned());
        Row("requests", side => Whole(side.Requests));
        Row("p50", side => Milliseconds(side.P50Ms));
        Row("p99", side => Milliseconds(side.P99Ms));
        Row("calls a request", side => Number(side.CallsARequest));
        Row("levels deep", side => side.Depth is { } depth ? Whole(depth) : "-");
        var words =
            string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Writes:N0} writes ({summary.WritesPerSecond:0}/s), watermark lag "
                    + $"{Seconds(summary.LagP50Seconds)} (median), {Seconds(summary.LagMaxSeconds)} (most), "
                    + $"{summary.Errors:N0} errors."
            )
            + (
                summary.Dropped == 0
                    ? ""
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $" {summary.Dropped:N0} requests were due but not sent: "
                            + $"this machine is too slow for all of them."
                    )
            )
            + (DemoVerdict.Shortfall(summary) is { } shortfall ? $" {shortfall}" : "");
        return new Rows([
            table,
            new Text(words),
            .. Comparison(summary.Comparison),
            .. Refused(summary),
            .. Planted(summary.Fault),
            .. Guarded(summary.Guard),
        ]);

        void Row(string name, Func<SideSummary, string> value) =>
            table.AddRow(name, value(summary.Before), value(summary.After));
    }

    private static IEnumerable<IRenderable> Comparison(ComparisonSummary comparison)
    {
        if (comparison.Verdicts is not { Compared: > 0 } verdicts)
            yield break;
        yield return new Text(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\n{verdicts.Compared:N0} keys compared: {verdicts.Match:N0} match "
                    + $"({verdicts.Quiet:N0} in quiet brackets, {verdicts.WithCommit:N0} with a commit), "
                    + $"{verdicts.Wrong:N0} wrong, {verdicts.Torn:N0} torn, {verdicts.Incomparable:N0} incomparable, "
                    + $"{verdicts.Undetermined:N0} undetermined; {verdicts.UnclearShare:P1} unclear. "
                    + $"A lookup would be late by {Milliseconds(comparison.LateP50Ms)} (p50), "
                    + $"{Milliseconds(comparison.LateP99Ms)} (p99)."
            )
        );
        if (comparison.Doubts.Count > 0)
            yield return new Text($"Unclear because of: {Counts(comparison.Doubts)}.");
        if (comparison.Dropped.Count > 0)
            yield return new Text($"Not compared because of: {Counts(comparison.Dropped)}.");
    }

    private static IEnumerable<IRenderable> Refused(DemoSummary summary) =>
        summary.Refused.Select(refused => new Text(
            $"{Environment.NewLine}The gate keeps route '{refused.Key}' in stage shadow: "
                + $"{string.Join(" ", refused.Value)}"
        ));

    private static IEnumerable<IRenderable> Planted(FaultSummary? fault)
    {
        if (fault is null)
            yield break;
        var found = fault.Found
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Found within {fault.FoundAfter:N0} comparisons of the {fault.TouchedKeys:N0} keys that it touches, "
                    + $"in {string.Join(", ", fault.FoundIn)}."
            )
            : "It was not found.";
        yield return new Text($"\nPlanted: {fault.Wrong} {found}");
    }

    private static IEnumerable<IRenderable> Guarded(GuardSummary? guard)
    {
        if (guard is null)
            yield break;
        var words = guard.RolledBackAtSecond is { } at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"went back to stage {guard.Stage} by itself after {at - guard.ChangedAtSecond:0} s. {guard.Why} "
                    + $"{guard.Cause}"
            )
            : "did not go back.";
        yield return new Text($"\nA setting that no projection declares was changed: route '{guard.Route}' {words}");
    }

    private static string Counts(IReadOnlyDictionary<string, long> counts) =>
        string.Join(
            ", ",
            counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value:N0}"))
        );

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "-";

    private static string Milliseconds(double? value) =>
        value is { } number ? $"{number.ToString("0.0", CultureInfo.InvariantCulture)} ms" : "-";

    private static string Seconds(double? value) =>
        value is { } number ? $"{number.ToString("0.0", CultureInfo.InvariantCulture)} s" : "-";
}
