using System.Text.Json.Nodes;
using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// Gates over the sample with every part a real process: which rule refuses, that the route goes once none does, by
/// command or by itself, and what a dismissed fault changes.
/// </summary>
public sealed class GateTests
{
    private const int Items = 40;

    /// <summary>What a short comparison of few items meets.</summary>
    private static readonly IReadOnlyDictionary<string, JsonNode> Met = new Dictionary<string, JsonNode>
    {
        ["MinMatches"] = 10,
        ["MinKeys"] = 10,
        ["MinCoverage"] = 0,
        ["MaxUnproven"] = 1,
        ["MaxUnseen"] = 1,
        ["MaxUnclear"] = 1,
        ["MinTime"] = "00:00:00",
        ["MaxLag"] = "01:00:00",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each configuration refuses, so that it doesn't matter when the gateway takes over the next one.
    /// </summary>
    [Fact]
    public async Task Promote_EachRuleInTurn_IsRefusedByItsNameAndThenGranted()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        await system.Admin.ChangeStageAsync("item", "shadow", "test", "to compare", Cancellation);
        await AskAsync(system, "item", report => report.Keys.Matched == Items);

        await RefusedAsync(system, "item", "min-matches", "min-keys", "max-unseen", "min-time"); // the defaults
        foreach (
            var (rule, key, value) in new (string, string, JsonNode)[]
            {
                ("min-matches", "MinMatches", 1_000_000),
                ("min-keys", "MinKeys", Items + 1),
                ("max-unseen", "MaxUnseen", 0.001),
                ("min-time", "MinTime", "1.00:00:00"),
                ("max-mismatch-rate", "MaxMismatchRate", 0.001),
            }
        )
        {
            await SetAsync(system, "item", With((key, value)));
            await RefusedAsync(system, "item", rule);
        }
        await system.Projections.KillAsync();
        await SetAsync(system, "item", With(("MaxLag", "00:00:01")));
        await RefusedAsync(system, "item", "max-lag");

        // only now, since the limit of the lag is kept again as soon as they run
        await SetAsync(system, "item", With(("MinTime", "1.00:00:00")));
        await RefusedAsync(system, "item", "min-time");
        system.Projections.Start();
        await SetAsync(system, "item", Met);
        await GrantedAsync(system, "item");
    }

    [Fact]
    public async Task Promote_FaultyProjection_IsRefusedUntilItsFaultIsDismissed()
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
        await SetAsync(system, "availability", With(("MaxUnclear", 0)), again: 0);

        // without asking again, what differs stays undetermined
        await Until.TrueAsync(
            async () =>
                (await ReportAsync(system, "availability"))
                    .Gate.Rules.Single(rule => rule.Rule == "max-unclear")
                    .Found.EndsWith("where 0 % is the limit.", StringComparison.Ordinal),
            () => $"The gateway did not take over its configuration.\n{system.Words()}",
            Cancellation
        );
        await system.Admin.ChangeStageAsync("availability", "shadow", "test", "to compare", Cancellation);
        await AskAsync(
            system,
            "availability",
            report => report.Verdicts.Undetermined >= 3 && report.Keys.Matched >= 10
        );
        await RefusedAsync(system, "availability", "max-unclear");
        await SetAsync(system, "availability", With(("MinCoverage", 1), ("MaxUnproven", 0)));
        await AskAsync(system, "availability", report => report.Verdicts.Wrong >= 3 && report.Keys.Unproven.Count > 0);
        await RefusedAsync(system, "availability", "wrong", "max-unproven", "min-coverage");

        var example = (await ReportAsync(system, "availability")).Examples[0].Id;
        var dismissed = await DismissAsync(system, example, "its cents don't count");
        await system.Gateway.KillAsync();
        system.Gateway.Start();
        await system.GatewayServesAsync(Cancellation);
        await system.AgesKnownAsync(Cancellation);
        var before = (await ReportAsync(system, "availability")).Dismissals.Single();
        await AskAsync(system, "availability", report => report.Dismissals.Single().Count > before.Count);
        var after = await ReportAsync(system, "availability");
        var again = await DismissAsync(system, after.Examples[0].Id, "the same");

        dismissed.AssertDone();
        Assert.Equal((example, "its cents don't count"), (before.Example, before.Reason));
        Assert.Equal([$"value {fault.Fields[0]}"], before.Paths);
        Assert.Equal(after.Verdicts.Wrong, after.Verdicts.Dismissed);
        again.AssertFault("dismissed this fault");
        await RefusedAsync(system, "availability", "max-unproven", "min-coverage"); // nothing is proven by it
        await SetAsync(system, "availability", Met);
        await GrantedAsync(system, "availability");
    }

    [Fact]
    public async Task Promote_Auto_GoesStageByStageAndNotAgainAfterAPersonTookItBack()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        await SetAsync(system, "item", Met, promote: "auto");
        await StageAsync(system, "item", "shadow");
        await AskAsync(system, "item", report => report.Keys.Matched >= 10);
        await StageAsync(system, "item", "lookup");

        (await CommandRun.Async("rollback", "item", "--config", system.ConfigFile)).AssertDone();
        // another route shows that the gateway has looked at every route since
        await SetAsync(system, "availability", Met, promote: "auto");
        await StageAsync(system, "availability", "shadow");
        var changes = (await system.Admin.HistoryAsync("item", Cancellation)).Changes;

        Assert.Equal(
            [("legacy", Environment.UserName), ("lookup", "auto"), ("shadow", "auto"), ("legacy", "configuration")],
            changes.Select(change => (change.To, change.Who))
        );
        Assert.False(changes[1].Forced);
        Assert.True(changes[1].Evidence!.Value.GetProperty("keys").GetInt32() >= 10);
    }

    private static Dictionary<string, JsonNode> With(params (string Key, JsonNode Value)[] others)
    {
        var gate = new Dictionary<string, JsonNode>(Met);
        foreach (var (key, value) in others)
            gate[key] = value;
        return gate;
    }

    /// <summary>Changes a route's section; the gateway takes it over while it runs.</summary>
    private static async Task SetAsync(
        RunningSystem system,
        string route,
        IEnumerable<KeyValuePair<string, JsonNode>> gate,
        int again = 8,
        string promote = "command"
    )
    {
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(system.ConfigFile, Cancellation))!;
        var section = configuration["ReverseProxy"]!["Routes"]![route]!["Strangler"]!;
        section["Gate"] = new JsonObject(
            gate.Select(rule => KeyValuePair.Create(rule.Key, (JsonNode?)rule.Value.DeepClone()))
        );
        section["Shadow"]!["AskAgain"]!["Times"] = again;
        section["Promote"] = promote;
        var next = $"{system.ConfigFile}.next";
        await File.WriteAllTextAsync(next, configuration.ToJsonString(), Cancellation);
        File.Move(next, system.ConfigFile, overwrite: true);
    }

    /// <summary>Waits until a promotion is refused by these rules and no other.</summary>
    private static async Task RefusedAsync(RunningSystem system, string route, params string[] rules)
    {
        var found = "";
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    await system.Admin.ChangeStageAsync(route, "lookup", "test", "to see it refused", Cancellation);
                    Assert.Fail($"It was not refused, and should have been by {string.Join(", ", rules)}.");
                }
                catch (FaultException exception)
                {
                    found = exception.Message;
                    return rules
                        .Select(rule => $"gate:{rule}")
                        .Append("gate")
                        .ToHashSet()
                        .SetEquals(exception.Faults.Select(fault => fault.Path));
                }
                return false;
            },
            () => $"It should be refused by {string.Join(", ", rules)}, but: {found}\n{system.Words()}",
            Cancellation
        );
    }

    /// <summary>Waits until the command is obeyed: the gateway takes over its configuration within seconds.</summary>
    private static async Task GrantedAsync(RunningSystem system, string route)
    {
        CommandRun? run = null;
        await Until.TrueAsync(
            async () =>
            {
                run = await CommandRun.Async("promote", route, "--config", system.ConfigFile);
                return run.Code == ExitCode.Success;
            },
            () => $"{string.Join('\n', run?.Errors ?? [])}\n{system.Words()}",
            Cancellation
        );
        Assert.Contains($"Route '{route}' is in stage 'lookup' now.", run!.Output);
        Assert.False((await system.Admin.HistoryAsync(route, Cancellation)).Changes[0].Forced);
    }

    private static Task StageAsync(RunningSystem system, string route, string stage) =>
        Until.TrueAsync(
            async () => (await system.Admin.RouteAsync(route, Cancellation)).Stage == stage,
            () => $"The route '{route}' did not reach '{stage}'.\n{system.Words()}",
            Cancellation
        );

    private static Task<CommandRun> DismissAsync(RunningSystem system, string example, string reason) =>
        CommandRun.Async("dismiss", "availability", example, "--reason", reason, "--config", system.ConfigFile);

    private static async Task<EvidenceReport> ReportAsync(RunningSystem system, string route) =>
        Assert.Single((await system.Admin.ReportAsync(route, Cancellation)).Routes);

    /// <summary>Requests all items in turn until the route's report is as expected.</summary>
    private static async Task AskAsync(RunningSystem system, string route, Func<EvidenceReport, bool> wanted)
    {
        var skus = new List<string>();
        await using (var command = system.Source.CreateCommand("select sku from item order by sku"))
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
                skus.Add(reader.GetString(0));
        }
        await Until.TrueAsync(
            async () =>
            {
                foreach (var sku in skus)
                {
                    var target = route == "item" ? $"/api/items/{sku}" : $"/api/items/{sku}/availability?area=DE-W";
                    using var answer = await system.GatewayHttp.GetAsync(target, Cancellation);
                }
                return wanted(await ReportAsync(system, route));
            },
            () => $"The report of '{route}' is not as expected.\n{system.Words()}",
            Cancellation
        );
    }
}
