using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler routes</c>: the routes, their stages and who answers them.</summary>
internal static class RoutesCommand
{
    /// <summary>The bridge sends a heartbeat after each second of silence.</summary>
    private const int LongRestSeconds = 10;

    public static Command Create()
    {
        var command = new Command(
            "routes",
            "Shows the routes of a running gateway: their stages, who answers them, and how far behind the source "
                + "their projections are."
        )
        {
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                AdminAddress.WithClientAsync(
                    parsed,
                    async client =>
                        Show(
                            Terminal.Create(),
                            await client.RoutesAsync(cancellationToken),
                            await client.WatermarksAsync(cancellationToken),
                            TimeProvider.System.GetUtcNow()
                        )
                )
            )
        );
        return command;
    }

    internal static void Show(
        IAnsiConsole console,
        RoutesReport report,
        WatermarksReport watermarks,
        DateTimeOffset now
    )
    {
        foreach (var fault in report.GatewayFaults)
            console.WriteLine($"gateway: {fault}");
        foreach (var sentence in report.Parts.SelectMany(part => PartText.Sentences(part, now)))
            console.WriteLine(sentence);
        if (report.StoreTrouble is { } trouble)
            console.WriteLine($"The store does not answer, so these are the last stages known: {trouble}");
        if (report.Routes.Count == 0)
        {
            console.WriteLine("No route has a 'Strangler' section.");
            return;
        }
        var table = Terminal.Table(
            console,
            "route",
            "stage",
            "begins in",
            "legacy",
            "lookup",
            "refused",
            "since, by whom and why"
        );
        foreach (var column in table.Columns.Skip(3).Take(3))
            column.RightAligned();
        foreach (var route in report.Routes)
        {
            table.AddRow(
                new Text(route.Route),
                new Text(
                    route.Stage == route.StoredStage
                        ? route.Stage
                        : $"{route.Stage} (store: {route.StoredStage ?? "?"})"
                ),
                new Text(route.ConfiguredStage),
                Number(route.Legacy),
                Number(route.Lookup),
                Number(route.Refused),
                new Text(Since(route))
            );
        }
        console.Write(table);
        foreach (var route in report.Routes.Where(route => route.Reasons.Count > 0))
        {
            var reasons = route.Reasons.Select(reason =>
                string.Create(CultureInfo.InvariantCulture, $"{reason.Key} ({reason.Value:N0})")
            );
            console.WriteLine($"{route.Route}: the call graph was asked because of {string.Join(", ", reasons)}.");
        }
        foreach (var (route, guard) in report.Routes.Select(route => (route.Route, route.Guard)))
        {
            if (guard is not null && guard.State != "off")
                console.WriteLine($"{route}: {string.Join(' ', Guards(guard))}");
        }
        if (watermarks.SourceClock?.Sentence is { } clock)
            console.WriteLine(clock);
        foreach (var (projection, sentence) in Troubles(report))
            console.WriteLine($"{projection}: {sentence}");
        foreach (var mark in watermarks.Watermarks)
            console.WriteLine($"{mark.Projection}: {Lag(mark)}{Rest(mark)}");
    }

    /// <summary>The troubles of each projection, once, however many routes it answers.</summary>
    private static IEnumerable<(string? Projection, string Sentence)> Troubles(RoutesReport report) =>
        report
            .Routes.DistinctBy(route => route.Projection)
            .SelectMany(route => route.ProjectionTroubles.Select(sentence => (route.Projection, sentence)));

    /// <summary>What the guard does, and what its rules say that aren't simply armed.</summary>
    private static IEnumerable<string> Guards(GuardReport guard) =>
        GuardText
            .Of(guard with { Rules = [.. guard.Rules.Where(rule => rule.State != "armed")] })
            .Select(sentence => sentence.EndsWith('.') ? sentence : $"{sentence}.");

    private static string Lag(WatermarkReport mark) =>
        mark switch
        {
            { Trouble: { } trouble } => $"its watermark cannot be read: {trouble}",
            { Doubt: { } doubt, LagSeconds: { } lag } => string.Create(
                CultureInfo.InvariantCulture,
                $"its watermark is {lag:0.0} s old by the clocks, "
                    + $"and its age is not known ({doubt}): look-ups go to legacy."
            ),
            { LagSeconds: { } lag } => string.Create(
                CultureInfo.InvariantCulture,
                $"its watermark is {lag:0.0} s behind the source."
            ),
            _ => "it has no watermark yet: nothing of the source has been applied.",
        };

    /// <summary>
    /// If the parts run elsewhere, nobody reports their states to the gateway; their changes in the store show them.
    /// </summary>
    private static string Rest(WatermarkReport mark)
    {
        if (mark.RestSeconds is not { } rest || rest <= LongRestSeconds)
            return "";
        var seconds = rest.ToString("0", CultureInfo.InvariantCulture);
        return $" It has not moved for {seconds} s: the bridge or the projections don't run, "
            + "don't reach their servers, or read a large table.";
    }

    private static Text Number(long number) => new(number.ToString("N0", CultureInfo.InvariantCulture));

    private static string Since(RouteReport route) =>
        route.ChangedAt is { } at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {route.Who}: {route.Why}"
            )
            : "";
}
