using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Strangler.Demo.Show;

/// <summary>How a moment looks: a panel for a terminal, a line where there is none. Both fit 80 columns.</summary>
internal static class MomentView
{
    public static IRenderable Panel(Moment moment)
    {
        var lookup = moment.Reading.Stage == "lookup";
        var sides = new Table().Border(TableBorder.Simple).AddColumn("answered by").AddColumn(Right("requests/s")).AddColumn(Right("p50")).AddColumn(Right("p99")).AddColumn(Right("requests"));
        Side(sides, "call graph", moment.Reading.Legacy, lookup ? "grey" : "yellow");
        Side(sides, "lookup", moment.Reading.Lookup, lookup ? "green" : "grey");
        var facts = new Grid().AddColumn().AddColumn().AddColumn().AddColumn()
            .AddRow("calls a request", $"[bold]{Calls(moment)}[/]", "levels deep", $"[bold]{Depth(moment)}[/]")
            .AddRow("writes/s", $"[bold]{Number(moment.WritesPerSecond)}[/]", "watermark lag", $"[bold]{Lag(moment)}[/]");
        var head = new Markup($"route [bold]{Markup.Escape(moment.Route)}[/]   stage [bold {(lookup ? "green" : "yellow")}]{Markup.Escape(moment.Reading.Stage)}[/]");
        return new Panel(new Rows(head, sides, facts)).Header($"Strangler   {Clock(moment)}").Border(BoxBorder.Rounded).Padding(1, 0).Expand();
    }

    public static string Line(Moment moment) => string.Join("  ",
        Minutes(moment.Elapsed), moment.Reading.Stage.PadRight(6), $"legacy {SideText(moment.Reading.Legacy)}", $"lookup {SideText(moment.Reading.Lookup)}",
        $"calls {Calls(moment)}", $"w/s {Number(moment.WritesPerSecond)}", $"lag {Lag(moment)}");

    private static void Side(Table table, string name, SideReading side, string colour) =>
        table.AddRow($"[{colour}]{name}[/]", Number(side.PerSecond), Milliseconds(side.RecentP50), Milliseconds(side.RecentP99), side.Count.ToString("N0", CultureInfo.InvariantCulture));

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private static string SideText(SideReading side) => side.PerSecond == 0 ? "-" : $"{Number(side.PerSecond)}/s {Number(side.RecentP50)}/{Number(side.RecentP99)} ms";

    private static string Clock(Moment moment) => moment.Length is { } length ? $"{Minutes(moment.Elapsed)} of {Minutes(length)}" : Minutes(moment.Elapsed);

    private static string Minutes(TimeSpan time) => time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string Calls(Moment moment) => moment.Calls?.Calls.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Depth(Moment moment) => moment.Calls?.Depth.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Lag(Moment moment) => moment.Reading.Lag is { } lag ? $"{lag.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : "-";

    private static string Milliseconds(double? value) => value is null ? "-" : $"{Number(value)} ms";

    private static string Number(double? value) => value is { } number ? number.ToString(number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) : "-";
}
