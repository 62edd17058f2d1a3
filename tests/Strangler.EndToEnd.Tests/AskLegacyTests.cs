using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Evidence.Reports;
using Strangler.Projections;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>A projection that asks legacy for some keys and some requests, with every part a real process.</summary>
public sealed class AskLegacyTests
{
    private const string Route = "availability";
    private const int Items = 60;
    private const string OfKey = "item of the old system";
    private const string OfRequest = "first area";

    private static readonly PlantedFault Unsure = new("unsure", "UnsureAvailability", "Nothing.", [], "");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AskLegacy_KeysAndRequests_AreNeitherMatchedNorWrongInShadowAndLegacysInLookup()
    {
        await using var system = await RunningSystem.StartAsync(
            Items,
            Cancellation,
            new SampleVariant(Unsure, 0, new Dictionary<string, int>())
        );
        var (skus, areas, old) = (
            await ReadAsync(system, "select sku from item order by sku"),
            await ReadAsync(system, "select code from area order by code collate \"C\""),
            await ReadAsync(system, "select substr(code, 5) from old_item")
        );
        old = [.. old.Where(skus.Contains)];
        await system.Admin.ChangeStageAsync(Route, "shadow", "test", "to compare", Cancellation);

        await AskAllAsync(report =>
            report.AskLegacy.Count == 2 && report.Verdicts.MatchQuiet + report.Verdicts.MatchWithCommit > 20
        );
        var shadow = await ReportAsync(system);
        await system.ForceLookupAsync(Route, Cancellation);
        await AskAllAsync(report => report.Fallback.AskLegacy.Count == 2);
        var lookup = await ReportAsync(system);
        var found = await system.Answers.FindAsync(await IdAsync(system), [.. old, .. skus.Except(old)], Cancellation);
        var said = await CommandRun.Async("report", Route, "--config", system.ConfigFile);

        Assert.NotEmpty(old);
        Assert.NotEmpty(skus.Except(old));
        Assert.Equal(
            [OfRequest, OfKey],
            shadow.AskLegacy.Select(reason => reason.Reason).Order(StringComparer.Ordinal)
        );
        Assert.Equal(0, shadow.Verdicts.Wrong);
        Assert.Contains(shadow.Verdicts.UndeterminedBy, reason => reason.Reason == "ask-legacy");
        Assert.True(shadow.Keys.Matched <= Items - old.Count, $"{shadow.Keys}");
        Assert.DoesNotContain(shadow.Keys.Unproven.Keys, key => old.Contains(key.Key));
        Assert.Equal(0, lookup.Verdicts.Wrong);
        Assert.Equal(0, lookup.Fallback.Refused);
        Assert.All(
            found.Found.Take(old.Count),
            one => Assert.Equal(OfKey, Assert.IsType<Found.Miss>(one).LegacyReason)
        );
        Assert.All(found.Found.Skip(old.Count), one => Assert.IsNotType<Found.Miss>(one));
        Assert.Contains(said.Output, line => line.Contains("the projection asked legacy", StringComparison.Ordinal));

        async Task AskAllAsync(Func<EvidenceReport, bool> wanted)
        {
            var next = 0;
            await Until.TrueAsync(
                async () =>
                {
                    foreach (var sku in skus)
                    {
                        var area = areas[next++ % areas.Count];
                        var target = new Uri($"/api/items/{sku}/availability?area={area}", UriKind.Relative);
                        using var answer = await system.GatewayHttp.GetAsync(target, Cancellation);
                        using var legacy = await system.LegacyHttp.GetAsync(target, Cancellation);
                        Assert.Equal(
                            (legacy.StatusCode, await legacy.Content.ReadAsStringAsync(Cancellation)),
                            (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation))
                        );
                    }
                    return wanted(await ReportAsync(system));
                },
                () => $"The report isn't as it should be.\n{system.Words()}",
                Cancellation
            );
        }
    }

    private static async Task<EvidenceReport> ReportAsync(RunningSystem system) =>
        (await system.Admin.ReportAsync(Route, Cancellation)).Routes.Single();

    private static async Task<ProjectionId> IdAsync(RunningSystem system)
    {
        await using var command = system.Store.CreateCommand(
            "select version from projections.build where projection = $1 and state = 'live'"
        );
        command.Parameters.AddWithValue(Unsure.Projection);
        return new ProjectionId(Unsure.Projection, (string)(await command.ExecuteScalarAsync(Cancellation))!);
    }

    private static async Task<List<string>> ReadAsync(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
