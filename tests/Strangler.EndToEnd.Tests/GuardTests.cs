using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>A guard with every part a real process, and a projection that makes a mistake.</summary>
public sealed class GuardTests
{
    private const string Route = "availability";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookup_AnswerIsWrong_GoesBackByItselfAndIsHeldThere()
    {
        var fault = await PlantedFaults.FindAsync(
            SampleFiles.Beside(AppContext.BaseDirectory),
            "rounded-price",
            Cancellation
        );
        await using var system = await RunningSystem.StartAsync(
            60,
            Cancellation,
            new SampleVariant(fault, 0, new Dictionary<string, int>())
        );
        await system.RecheckAllAsync(Cancellation, maxWrong: "0");
        await system.ForceLookupAsync(Route, Cancellation);
        var skus = await ReadAsync(system, "select sku from item order by sku");
        var areas = await ReadAsync(system, "select code from area order by code");

        var next = 0;
        await Until.TrueAsync(
            async () =>
            {
                var target = $"/api/items/{skus[next++ % skus.Count]}/availability?area={areas[0]}";
                using var answer = await system.GatewayHttp.GetAsync(new Uri(target, UriKind.Relative), Cancellation);
                return (await system.Admin.RouteAsync(Route, Cancellation)).Stage == "shadow";
            },
            () => $"The route doesn't go back.\n{system.Words()}",
            Cancellation
        );
        var promoted = await CommandRun.Async("promote", Route, "--config", system.ConfigFile);
        var routes = await CommandRun.Async("routes", "--config", system.ConfigFile);
        var report = await CommandRun.Async("report", Route, "--config", system.ConfigFile);
        var change = (await system.Admin.HistoryAsync(Route, Cancellation)).Changes[0];

        Assert.Equal(("lookup", "shadow", "guard", "wrong"), (change.From, change.To, change.Who, change.Guard));
        var id = change.Evidence!.Value.GetProperty("examples")[0].GetProperty("id").GetString()!;
        var example = await system.Admin.ExampleAsync(id, Cancellation);
        Assert.Contains(example.Differences, difference => fault.Fields.Contains(difference.General));
        Assert.NotEqual(ExitCode.Success, promoted.Code);
        Assert.Contains(promoted.Errors, line => line.Contains("cool-down lasts for", StringComparison.Ordinal));
        Assert.Contains(
            routes.Output,
            line => line.StartsWith($"{Route}: guard cooling (rollback, trip 1", StringComparison.Ordinal)
        );
        Assert.Contains(
            report.Output,
            line => line.StartsWith("guard cooling (rollback, trip 1", StringComparison.Ordinal)
        );
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
