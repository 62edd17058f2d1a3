using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Strangler.Demo.Show;

/// <summary>
/// How a state is displayed: a panel on a terminal, otherwise one line, and a second one once something has been
/// compared. Both fit into 80 columns.
/// </summary>
internal static class DemoStateView
{
    public static IRenderable Panel(DemoState state)
    {
        var (stage, reading) = (state.Reading.Stage, state.Reading);
        var sides = new Table()
            .Border(TableBorder.Simple)
            .AddColumn("answered by")
            .AddColumn(Right("requests/s"))
            .AddColumn(Right("p50"))
            .AddColumn(Right("p99"))
            .AddColumn(Right("requests"));
        Side(sides, "call graph", reading.Legacy, stage == "lookup" ? "grey" : "yellow");
        // Look-ups that are made only for comparison don't answer requests.
        if (stage == "shadow")
            Side(sides, "lookup, aside", reading.Shadow.Lookup, "blue");
        else
            Side(sides, "lookup", reading.Lookup, stage == "lookup" ? "green" : "grey");
        var facts = new Grid()
            .AddColumn()
            .AddColumn()
            .AddColumn()
            .AddColumn()
            .AddRow("calls a request", $"[bold]{Calls(state)}[/]", "levels deep", $"[bold]{Depth(state)}[/]")
            .AddRow("writes/s", $"[bold]{Number(state.WritesPerSecond)}[/]", "watermark lag", $"[bold]{Lag(state)}[/]");
        var head = new Markup(
            $"route [bold]{Markup.Escape(reading.Route)}[/]   stage [bold {Colour(stage)}]{Markup.Escape(stage)}[/]"
        );
        var rows = new List<IRenderable> { head, sides, facts };
        if (VerdictCounts.Of(state.Routes) is { Compared: > 0 } verdicts)
            rows.Add(Verdicts(verdicts, reading.Shadow.Late));
        rows.AddRange(state.Guard.Select(line => new Text(line)));
        return new Panel(new Rows(rows))
            .Header($"Strangler   {Clock(state)}")
            .Border(BoxBorder.Rounded)
            .Padding(1, 0)
            .Expand();
    }

    public static string Line(DemoState state)
    {
        var reading = state.Reading;
        var line = string.Join(
            "  ",
            Minutes(state.Elapsed),
            reading.Stage.PadRight(6),
            $"legacy {SideText(reading.Legacy)}",
            $"lookup {SideText(reading.Lookup)}",
            $"calls {Calls(state)}",
            $"w/s {Number(state.WritesPerSecond)}",
            $"lag {Lag(state)}"
        );
        return VerdictCounts.Of(state.Routes) is { Compared: > 0 } verdicts
            ? $"{line}{Environment.NewLine}{Line(verdicts, reading.Shadow.Late)}"
            : line;
    }

    private static string Line(VerdictCounts verdicts, SideStatus late) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"      match {verdicts.Match}  wrong {verdicts.Wrong}  torn {verdicts.Torn}  incomparable "
                + $"{verdicts.Incomparable}  undetermined {verdicts.Undetermined}  late "
                + $"{Number(late.RecentP50)}/{Number(late.RecentP99)} ms"
        );

    private static Rows Verdicts(VerdictCounts verdicts, SideStatus late)
    {
        var counts = new Table().Border(TableBorder.Simple);
        foreach (var name in (string[])["compared", "match", "wrong", "torn", "incomparable", "undetermined"])
            counts.AddColumn(Right(name));
        counts.AddRow(
            Whole(verdicts.Compared),
            $"[green]{Whole(verdicts.Match)}[/]",
            $"[{(verdicts.Wrong == 0 ? "default" : "bold red")}]{Whole(verdicts.Wrong)}[/]",
            Whole(verdicts.Torn),
            Whole(verdicts.Incomparable),
            Whole(verdicts.Undetermined)
        );
        var words = $"{Whole(verdicts.Quiet)} matches in quiet brackets, {Whole(verdicts.WithCommit)} with a commit";
        return new Rows(
            counts,
            new Text(words),
            new Text(
                $"a lookup would be late by {Milliseconds(late.RecentP50)} (p50), {Milliseconds(late.RecentP99)} (p99)"
            )
        );
    }

    private static string Colour(string stage) =>
        stage switch
        {
            "lookup" => "green",
            "shadow" => "blue",
            _ => "yellow",
        };

    private static void Side(Table table, string name, SideStatus side, string colour) =>
        table.AddRow(
            $"[{colour}]{name}[/]",
            Number(side.PerSecond),
            Milliseconds(side.RecentP50),
            Milliseconds(side.RecentP99),
            Whole(side.Count)
        );

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private static string SideText(SideStatus side) =>
        side.PerSecond == 0 ? "-" : $"{Number(side.PerSecond)}/s {Number(side.RecentP50)}/{Number(side.RecentP99)} ms";

    private static string Clock(DemoState state) =>
        state.Length is { } length ? $"{Minutes(state.Elapsed)} of {Minutes(length)}" : Minutes(state.Elapsed);

    private static string Minutes(TimeSpan time) => time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string Calls(DemoState state) => state.Calls?.Calls.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Depth(DemoState state) => state.Calls?.Depth.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Lag(DemoState state) =>
        state.Reading.Lag is { } lag ? $"{lag.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : "-";

    private static string Milliseconds(double? value) => value is null ? "-" : $"{Number(value)} ms";

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value) =>
        value is { } number ? number.ToString(number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) : "-";
}
