using System.Text.Json;
using System.Text.Json.Nodes;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// The commands against a running system, as a person runs them: the built program, its exit code, its messages.
/// </summary>
public sealed class CommandTests(SharedSystem shared) : IClassFixture<SharedSystem>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promote_ThenRollback_MovesTheRouteAndKeepsWhoAndWhy()
    {
        var system = await shared.StartedAsync();

        var promoted = await CommandRun.Async(
            "promote",
            "item",
            "--force",
            "--reason",
            "to see it move",
            "--config",
            system.ConfigFile
        );
        var routes = await CommandRun.Async(
            "routes",
            "--admin",
            $"{system.AdminAddress}",
            "--config",
            system.ConfigFile
        );
        await Until.TrueAsync(
            async () =>
            {
                using var answer = await system.GatewayHttp.GetAsync("/api/items/000001", Cancellation);
                return answer.IsSuccessStatusCode && (await system.Admin.RouteAsync("item", Cancellation)).Lookup > 0;
            },
            () => $"The lookup never answered.\n{system.Words()}",
            Cancellation
        );
        var rolledBack = await CommandRun.Async(
            "rollback",
            "item",
            "--admin",
            $"{system.AdminAddress}",
            "--config",
            system.ConfigFile
        );

        promoted.AssertDone();
        Assert.Equal(["Route 'item' is in stage 'lookup' now."], promoted.Output);
        routes.AssertDone();
        Assert.All(
            ["availability", "availabilities", "item", "lookup", "legacy", Environment.UserName, "to see it move"],
            word => Assert.Contains(word, Words(routes.Output), StringComparison.Ordinal)
        );
        Assert.All(routes.Output, line => Assert.True(line.Length <= 80, line));
        Assert.Matches(
            "ItemDetails: its watermark is [0-9]+\\.[0-9] s behind the source\\.",
            string.Join('\n', routes.Output)
        );
        rolledBack.AssertDone();
        Assert.Equal(["Route 'item' is in stage 'legacy' now."], rolledBack.Output);
        Assert.Equal("rolled back by hand", (await system.Admin.RouteAsync("item", Cancellation)).Why);
    }

    /// <summary>While the bridge runs, and without disturbing it.</summary>
    [Fact]
    public async Task BridgeAudit_RunningSystem_ProvesThatNothingIsMissing()
    {
        var system = await shared.StartedAsync();
        await using (var update = system.Source.CreateCommand("update item set name = name where sku = '000001'"))
        {
            for (var commit = 0; commit < 3; commit++)
                await update.ExecuteNonQueryAsync(Cancellation);
        }
        await system.CaughtUpAsync(Cancellation);

        var audit = await CommandRun.Async("bridge", "audit", "--config", system.ConfigFile);

        audit.AssertDone();
        Assert.Matches(
            "^The log of 'shop' from .* holds [0-9]+ transactions\\. [1-9][0-9]* of them name the one before, and none",
            Assert.Single(audit.Output)
        );
        Assert.False(system.Bridge.HasExited);
    }

    [Fact]
    public async Task Check_GatewayLooksAtAnotherClusterThanTheBridgeReads_IsAFault()
    {
        var system = await shared.StartedAsync();
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(system.ConfigFile, Cancellation))!;
        configuration["Gateway"]!["Source"] = configuration["Store"]!["ConnectionString"]!.GetValue<string>();
        var other = Path.Combine(Path.GetDirectoryName(system.ConfigFile)!, "other-cluster.json");
        await File.WriteAllTextAsync(other, configuration.ToJsonString(), Cancellation);

        var right = await CommandRun.Async("check", "--config", system.ConfigFile);
        var wrong = await CommandRun.Async("check", "--config", other);

        right.AssertDone();
        wrong.AssertFault("Gateway:Source: It names the cluster ");
    }

    [Fact]
    public async Task Check_RouteWithAProjectionWithoutTheSource_WarnsThatClocksAloneTellAges()
    {
        var system = await shared.StartedAsync();
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(system.ConfigFile, Cancellation))!;
        configuration["Gateway"]!.AsObject().Remove("Source");
        foreach (var (_, route) in configuration["ReverseProxy"]!["Routes"]!.AsObject())
            (route!["Strangler"] as JsonObject)?.Remove("Shadow"); // which needs it
        var without = Path.Combine(Path.GetDirectoryName(system.ConfigFile)!, "without-source.json");
        await File.WriteAllTextAsync(without, configuration.ToJsonString(), Cancellation);

        var check = await CommandRun.Async("check", "--config", without);

        Assert.StartsWith("warning: Gateway:Source: It is not set", check.Output[0], StringComparison.Ordinal);
        Assert.StartsWith($"{without}: no faults.", check.Output[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("route: No route 'nowhere' with a 'Strangler' section exists. The routes are", "promote", "nowhere")]
    [InlineData("route: No route 'rest' with a 'Strangler' section exists.", "promote", "rest")]
    [InlineData("route: No route 'nowhere' with a 'Strangler' section exists.", "rollback", "nowhere")]
    [InlineData("stage: 'elsewhere' is not a stage. The stages are", "promote", "item", "--to", "elsewhere")]
    [InlineData("stage: The route 'availability' is in stage 'legacy' already", "rollback", "availability")]
    [InlineData("why: The change does not say why.", "rollback", "item", "--why", " ")]
    [InlineData("Nothing was compared", "promote", "availabilities")] // which no test asks
    [InlineData("route: No route 'nowhere'", "report", "nowhere")]
    [InlineData("The example 'NOWHERE' doesn't exist", "explain", "NOWHERE")]
    [InlineData(
        "projection: The projection 'Nothing' doesn't exist here. The projections are",
        "get",
        "Nothing",
        "000001"
    )]
    [InlineData("key: 'x' is not a key of 'ItemDetails'.", "get", "ItemDetails", "x")]
    public async Task Run_WhatTheSystemDoesNotKnow_SaysASentenceAndExitsWithTwo(
        string sentence,
        params string[] arguments
    )
    {
        var system = await shared.StartedAsync();

        (await CommandRun.Async([.. arguments, "--config", system.ConfigFile])).AssertFault(sentence);
    }

    [Fact]
    public async Task Routes_AtAnAddressThatIsNoAdminApi_SaysSo()
    {
        var system = await shared.StartedAsync();

        (await CommandRun.Async("routes", "--admin", $"{system.GatewayHttp.BaseAddress}")).AssertFault(
            "is not a gateway's admin API of this version."
        );
    }

    [Fact]
    public async Task Get_KeyThatIsThereAndOneThatIsNot_ShowsTheDocumentOrSaysAbsent()
    {
        var system = await shared.StartedAsync();

        var found = await CommandRun.Async("get", "ItemDetails", "000001", "--config", system.ConfigFile);
        var absent = await CommandRun.Async(
            "get",
            "ItemDetails",
            "999999",
            "--admin",
            $"{system.AdminAddress}",
            "--config",
            system.ConfigFile
        );

        Assert.Equal((ExitCode.Success, ExitCode.Success), (found.Code, absent.Code));
        using var document = JsonDocument.Parse(Assert.Single(found.Output));
        Assert.Equal("000001", document.RootElement.GetProperty("sku").GetString());
        Assert.StartsWith(
            "ItemDetails 000001: document. Touched last by ",
            Assert.Single(found.Errors),
            StringComparison.Ordinal
        );
        Assert.Empty(absent.Output);
        Assert.StartsWith(
            "ItemDetails 999999: absent. Watermark ",
            Assert.Single(absent.Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Check_ConfigurationOfTheRunningSystem_FindsNoFault()
    {
        var system = await shared.StartedAsync();

        var check = await CommandRun.Async("check", "--config", system.ConfigFile);

        check.AssertDone();
        Assert.StartsWith(
            "Enabled: the bridge; the projections; the gateway with ",
            check.Output[0],
            StringComparison.Ordinal
        );
        Assert.Equal(
            [$"{system.ConfigFile}: no faults. Cultures: {Strangler.Foundation.Cultures.CultureData.Name}."],
            check.Output.Skip(1)
        );
    }

    [Fact]
    public async Task Check_ConfigurationWithManyFaults_SaysAllOfThemAtOnce()
    {
        var system = await shared.StartedAsync();
        var config = JsonNode.Parse(await File.ReadAllTextAsync(system.ConfigFile, Cancellation))!;
        config["Source"]!["database.dbname"] = "nosuch";
        config["Projections"]!["Assemblies"] = new JsonArray("absent.dll");
        config["Gateway"]!["Urls"] = "nonsense";
        config["ReverseProxy"]!["Routes"]!["item"]!["Strangler"]!["Stage"] = "elsewhere";
        var file = Path.Combine(Path.GetDirectoryName(system.ConfigFile)!, "faulty.json");
        await File.WriteAllTextAsync(file, config.ToJsonString(), Cancellation);

        var check = await CommandRun.Async("check", "--config", file);

        Assert.All(["nosuch", "absent.dll", "Gateway:Urls", "'elsewhere'"], check.AssertFault);
    }

    [Fact]
    public async Task Gateway_WherePortIsTaken_SaysASentenceAndExitsWithTwo()
    {
        var system = await shared.StartedAsync();

        var run = await CommandRun.Async("gateway", "--config", system.ConfigFile);

        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.StartsWith("strangler: Gateway:", run.Errors[^1], StringComparison.Ordinal);
        Assert.EndsWith(
            "address already in use. End the other program, which may be another 'strangler up', or choose another "
                + "port.",
            run.Errors[^1],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(run.Errors, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    private static string Words(IEnumerable<string> lines) =>
        string.Join(' ', lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
