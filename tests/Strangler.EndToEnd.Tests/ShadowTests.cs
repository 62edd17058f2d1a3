using Npgsql;
using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Evidence.Rendering;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Telemetry;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// Stage shadow with every part a real process: what is compared, what is found, and what is reported.
/// </summary>
public sealed class ShadowTests
{
    private const int Items = 60;
    private static readonly string[] Routes = ["availability", "availabilities", "item"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shadow_RightProjectionWhileRowsChange_MatchesAndIsNeverWrong()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        foreach (var route in Routes)
            await system.Admin.ChangeStageAsync(route, "shadow", "test", "to compare", Cancellation);

        foreach (var route in Routes)
            await AskAsync(system, route, figures => figures.Compared >= 40, () => WriteAsync(system.Source));

        var refused = await RefusedAsync(system, "item");
        var page = Path.Combine(Path.GetDirectoryName(system.ConfigFile)!, "report.html");
        var report = await CommandRun.Async(
            "report",
            "--fail-on",
            "wrong",
            "--html",
            page,
            "--config",
            system.ConfigFile
        );
        var forced = await CommandRun.Async(
            "promote",
            "item",
            "--force",
            "--reason",
            "seen enough",
            "--config",
            system.ConfigFile
        );
        foreach (var route in (await system.Admin.ReportAsync(Cancellation)).Routes)
        {
            Assert.True(route.Verdicts.Wrong == 0, ReportJson.Write(await system.Admin.ReportAsync(Cancellation)));
            Assert.True(
                route.Verdicts.MatchQuiet + route.Verdicts.MatchWithCommit >= 20,
                $"{route.Route}: {route.Verdicts}"
            );
            Assert.NotNull(route.Keys.Unseen);
        }
        refused.AssertFault("distinct");
        report.AssertDone();
        Assert.All(report.Output, line => Assert.True(line.Length <= 80, line));
        Assert.Contains("availabilities", await File.ReadAllTextAsync(page, Cancellation), StringComparison.Ordinal);
        forced.AssertDone();
    }

    [Fact]
    public async Task Shadow_PlantedFault_IsFoundInItsFieldExplainedAndKeptFromTheLookup()
    {
        var fault = await PlantedFaults.FindAsync(
            SampleFiles.Beside(AppContext.BaseDirectory),
            "rounded-price",
            Cancellation
        );
        await using var system = await RunningSystem.StartAsync(
            Items,
            Cancellation,
            new SampleVariant(fault, 0, new Dictionary<string, int>())
        );
        // so that an offer's change, and not what followed a snapshot, is the last on which a price depends
        await using (var change = system.Source.CreateCommand("update offer set price = price + 1"))
            await change.ExecuteNonQueryAsync(Cancellation);
        await system.CaughtUpAsync(Cancellation);
        await system.Admin.ChangeStageAsync("availability", "shadow", "test", "to see it found", Cancellation);

        await AskAsync(system, "availability", figures => figures.Verdicts.GetValueOrDefault("wrong") >= 3);

        // While more is found, the newest examples replace older ones.
        await system.Admin.ChangeStageAsync("availability", "legacy", "test", "enough was found", Cancellation);
        await AskAsync(
            system,
            "availability",
            figures => figures.Sampled <= figures.Compared + figures.Dropped.Values.Sum()
        );
        var report = Assert.Single((await system.Admin.ReportAsync("availability", Cancellation)).Routes);
        var refused = await RefusedAsync(system, "availability");
        var said = await CommandRun.Async(
            "report",
            "availability",
            "--fail-on",
            "wrong",
            "--config",
            system.ConfigFile
        );
        var explained = await CommandRun.Async("explain", report.Examples[0].Id, "--config", system.ConfigFile);
        Assert.Equal(fault.Fields.Take(1), report.Differences.Select(line => line.Path).Distinct());
        Assert.False(report.Gate.Ready);
        refused.AssertFault("wrong");
        Assert.Equal(ExitCode.ReportSaysNo, said.Code);
        Assert.True(
            explained.Code == ExitCode.Success,
            string.Join("\n", explained.Errors.Concat(explained.Output)) + "\n" + system.Words()
        );
        Assert.True(
            explained.Output.Any(line => line.Contains("public.offer", StringComparison.Ordinal)),
            string.Join("\n", explained.Output)
        );
        Assert.All(explained.Output, line => Assert.True(line.Length <= 80, line));
    }

    /// <summary>A promotion that the gate refuses, and not a store that is too slow for the newest evidence.</summary>
    private static async Task<CommandRun> RefusedAsync(RunningSystem system, string route)
    {
        CommandRun? run = null;
        await Until.TrueAsync(
            async () =>
            {
                run = await CommandRun.Async("promote", route, "--config", system.ConfigFile);
                return !run.Errors.Any(line => line.Contains("could not be written", StringComparison.Ordinal));
            },
            () => string.Join('\n', run?.Errors ?? []),
            Cancellation
        );
        return run!;
    }

    /// <summary>Requests items on a route one after the other until its figures are as expected.</summary>
    /// <param name="beside">What runs along with each request.</param>
    private static async Task AskAsync(
        RunningSystem system,
        string route,
        Func<ShadowFigures, bool> wanted,
        Func<Task>? beside = null
    )
    {
        var (areas, skus) = (
            await ReadAsync(system.Source, "select code from area order by code"),
            await ReadAsync(system.Source, "select sku from item order by sku")
        );
        var next = 0;
        await Until.TrueAsync(
            async () =>
            {
                var (area, sku, other) = (
                    areas[next % areas.Count],
                    skus[next % skus.Count],
                    skus[(next + 7) % skus.Count]
                );
                next++;
                using var request = route switch
                {
                    "availability" => new HttpRequestMessage(
                        HttpMethod.Get,
                        $"/api/items/{sku}/availability?area={area}"
                    ),
                    "availabilities" => new HttpRequestMessage(HttpMethod.Post, "/api/availability")
                    {
                        Content = new StringContent(
                            $$"""{"skus":["{{sku}}","{{other}}"],"area":"{{area}}"}""",
                            System.Text.Encoding.UTF8,
                            "application/json"
                        ),
                    },
                    _ => new HttpRequestMessage(HttpMethod.Get, $"/api/items/{sku}"),
                };
                var under = beside?.Invoke() ?? Task.CompletedTask;
                using var answer = await system.GatewayHttp.SendAsync(request, Cancellation);
                await under;
                return wanted(
                    (await system.Admin.StatsAsync(Cancellation)).Routes.Single(one => one.Route == route).Shadow
                );
            },
            () => $"The route '{route}' was not compared as often as it should be.\n{system.Words()}",
            Cancellation
        );
    }

    private static async Task WriteAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            """
            update offer set quantity = quantity + 1, updated_at = now()
            where id = (select id from offer order by random() limit 1);
            update item set name = name || '.'
            where sku = (select sku from item where length(name) < 60 order by random() limit 1);
            """
        );
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
