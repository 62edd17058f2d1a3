using System.Net;
using System.Text;
using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Telemetry;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// Stage lookup with every part a real process: what legacy is asked about afterward, and what is found.
/// </summary>
public sealed class RecheckTests
{
    private const string Route = "availability";
    private const int Items = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A fault that came to the lookup by force is found there, and the right projection's answers match.
    /// </summary>
    [Fact]
    public async Task Lookup_PlantedFault_IsFoundInItsFieldAndWhatIsRightMatches()
    {
        var fault = await FaultAsync("rounded-price");
        await using var system = await RunningSystem.StartAsync(Items, Cancellation, Variant(fault));
        await system.RecheckAllAsync(Cancellation);
        await system.ForceLookupAsync(Route, Cancellation);
        await system.ForceLookupAsync("item", Cancellation);

        await AskAsync(system, Route, figures => figures.Verdicts.GetValueOrDefault("wrong") >= 3);
        await AskAsync(system, "item", figures => figures.Verdicts.GetValueOrDefault("match") >= 3);
        var report = await system.Admin.ReportAsync(Cancellation);
        var said = await CommandRun.Async("report", Route, "--fail-on", "wrong", "--config", system.ConfigFile);

        var (wrong, right) = (
            report.Routes.Single(route => route.Route == Route),
            report.Routes.Single(route => route.Route == "item")
        );
        Assert.Equal(fault.Fields.Take(1), wrong.Differences.Select(line => line.Path).Distinct());
        Assert.Equal(wrong.Verdicts.Wrong, wrong.Recheck.Wrong);
        Assert.False(wrong.Gate.Ready);
        Assert.NotNull(wrong.Recheck.FirstWrong);
        Assert.Equal((0L, 0L), (right.Recheck.Wrong, right.Verdicts.Wrong));
        Assert.True(right.Recheck.Compared >= 3, $"{right.Recheck}");
        Assert.Equal(ExitCode.ReportSaysNo, said.Code);
        Assert.Contains(
            said.Output,
            line => line.StartsWith("of these, the lookup had answered", StringComparison.Ordinal)
        );
    }

    /// <summary>
    /// A setting of which no projection knows changes after the cutover. All of legacy's answers change with it, and no
    /// row that the projection declares.
    /// </summary>
    [Fact]
    public async Task Lookup_SettingThatNobodyDeclaredChanges_IsFoundAndNamedWithTheFirstKeyAndTime()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        await system.RecheckAllAsync(Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        var skus = (await ReadAsync(system, "select sku from item order by sku")).Take(5).ToList();
        await AskAsync(system, "item", figures => figures.Verdicts.GetValueOrDefault("match") >= 20, skus);
        var before = (await system.Admin.ReportAsync("item", Cancellation)).Routes.Single(); // all of it is stored then
        var earliest = TimeProvider.System.GetUtcNow();
        await ChangeSettingAsync(system);
        var latest = TimeProvider.System.GetUtcNow();

        await AskAsync(system, "item", figures => figures.Verdicts.GetValueOrDefault("wrong") >= 5, skus);
        var route = (await system.Admin.ReportAsync("item", Cancellation)).Routes.Single();
        var said = await CommandRun.Async("report", "item", "--config", system.ConfigFile);

        Assert.Null(before.Undeclared);
        Assert.Equal(
            (0L, "undeclared-dependency"),
            (before.Verdicts.Wrong, Assert.Single(route.Verdicts.WrongBy).Reason)
        );
        var undeclared = route.Undeclared!;
        Assert.Contains(undeclared.Key, skus);
        Assert.Equal($"GET /api/items/{undeclared.Key}", undeclared.Request);
        Assert.True(
            undeclared.MatchedAt < latest && earliest < undeclared.WrongAt,
            $"{undeclared} {earliest:O} {latest:O}"
        );
        Assert.Equal(route.Verdicts.Wrong, undeclared.Count);
        Assert.Equal(["$.price"], route.Differences.Select(line => line.Path));
        Assert.False(route.Gate.Ready);
        Assert.Contains(
            said.Output,
            line =>
                line.StartsWith("! Legacy changed without any declared row changing since", StringComparison.Ordinal)
        );
    }

    /// <summary>Each mistake that shadow finds is found in the lookup, too, if the route was forced there.</summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData("wrong-unit")]
    [InlineData("forgotten-reservation")]
    [InlineData("inverted-eligibility")]
    [InlineData("ignored-expiry")]
    [InlineData("cap-off-by-one")]
    [InlineData("wrong-side-join")]
    [InlineData("lost-rounding")]
    [InlineData("null-as-zero")]
    [InlineData("stale-duplicate")]
    [InlineData("forgotten-area")]
    [InlineData("forgotten-holiday")]
    public async Task Lookup_EachPlantedFault_IsFound(string name)
    {
        var fault = await FaultAsync(name);
        await using var system = await RunningSystem.StartAsync(400, Cancellation, Variant(fault));
        await system.RecheckAllAsync(Cancellation);
        await system.ForceLookupAsync(Route, Cancellation);
        var touched = await ReadAsync(system, fault.Keys);

        await AskAsync(system, Route, figures => figures.Verdicts.GetValueOrDefault("wrong") >= 1, touched);

        var report = (await system.Admin.ReportAsync(Route, Cancellation)).Routes.Single();
        Assert.False(report.Gate.Ready);
        Assert.NotEmpty(report.Differences);
        Assert.All(report.Differences, line => Assert.Contains(line.Path, fault.Fields));
    }

    /// <summary>A surcharge on the price of every item.</summary>
    private static async Task ChangeSettingAsync(RunningSystem system)
    {
        using var body = new StringContent("""{"value":3}""", Encoding.UTF8, "application/json");
        using var answer = await system.GatewayHttp.PutAsync(
            new Uri("/api/settings/surcharge", UriKind.Relative),
            body,
            Cancellation
        );
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static Task<PlantedFault> FaultAsync(string name) =>
        PlantedFaults.FindAsync(SampleFiles.Beside(AppContext.BaseDirectory), name, Cancellation);

    private static SampleVariant Variant(PlantedFault fault) => new(fault, 0, new Dictionary<string, int>());

    /// <summary>Requests items on a route until what was compared after the lookup is as expected.</summary>
    /// <param name="only">The items; null: all.</param>
    private static async Task AskAsync(
        RunningSystem system,
        string route,
        Func<ShadowFigures, bool> wanted,
        IReadOnlyList<string>? only = null
    )
    {
        var (areas, skus) = (
            await ReadAsync(system, "select code from area order by code"),
            only ?? await ReadAsync(system, "select sku from item order by sku")
        );
        var next = 0;
        await Until.TrueAsync(
            async () =>
            {
                var (sku, area) = (skus[next % skus.Count], areas[next / skus.Count % areas.Count]);
                next++;
                var target = route == Route ? $"/api/items/{sku}/availability?area={area}" : $"/api/items/{sku}";
                using var answer = await system.GatewayHttp.GetAsync(new Uri(target, UriKind.Relative), Cancellation);
                Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{target}: {answer.StatusCode}");
                var stats = (await system.Admin.StatsAsync(Cancellation)).Routes.Single(one => one.Route == route);
                return stats.Recheck is { } figures && wanted(figures);
            },
            () => $"The route '{route}' was not compared as it should be.\n{system.Words()}",
            Cancellation
        );
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        if (sql.Contains("@now", StringComparison.Ordinal))
            command.Parameters.AddWithValue("now", TimeProvider.System.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
