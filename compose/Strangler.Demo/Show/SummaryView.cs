using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Strangler.Demo.Show;

/// <summary>How the summary looks: before and after, side by side, within 80 columns.</summary>
internal static class SummaryView
{
    public static IRenderable Of(DemoSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).Title($"route {Markup.Escape(summary.Route)}").AddColumn("").AddColumn(new TableColumn("call graph").RightAligned()).AddColumn(new TableColumn("lookup").RightAligned());
        Row("requests", side => Whole(side.Requests));
        Row("p50", side => Milliseconds(side.P50Ms));
        Row("p99", side => Milliseconds(side.P99Ms));
        Row("calls a request", side => Number(side.CallsARequest));
        Row("levels deep", side => side.Depth is { } depth ? Whole(depth) : "-");
        var words = string.Create(CultureInfo.InvariantCulture,
            $"{summary.Writes:N0} writes ({summary.WritesPerSecond:0}/s), watermark lag {Seconds(summary.LagP50Seconds)} (median), {Seconds(summary.LagMaxSeconds)} (most), {summary.Errors:N0} errors.")
            + (summary.Dropped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {summary.Dropped:N0} requests were due but not sent: this machine is too slow for all of them."));
        return new Rows(table, new Text(words));

        void Row(string name, Func<SideSummary, string> value) => table.AddRow(name, value(summary.Before), value(summary.After));
    }

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "-";

    private static string Milliseconds(double? value) => value is { } number ? $"{number.ToString("0.0", CultureInfo.InvariantCulture)} ms" : "-";

    private static string Seconds(double? value) => value is { } number ? $"{number.ToString("0.0", CultureInfo.InvariantCulture)} s" : "-";
}
