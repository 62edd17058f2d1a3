using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.EndToEnd.Tests;

public sealed class RouteTests
{
    private const int Items = 60; // with one more, no more than a POST may name
    private const string Absent = "999999";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Route_TakenFromLegacyToLookup_AnswersEveryKeyAsTheCallGraphDoes()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        var areas = await ReadAsync(system.Source, "select code from area order by code");
        var skus = await ReadAsync(system.Source, "select sku from item order by sku");
        string[] routes = ["availability", "availabilities", "item"];

        foreach (var route in routes)
            await system.ForceLookupAsync(route, Cancellation);

        foreach (var sku in skus.Append(Absent))
        {
            await AssertSameAsync(system, () => new(HttpMethod.Get, $"/api/items/{sku}"));
            foreach (var area in areas.Append("NOWHERE"))
                await AssertSameAsync(system, () => new(HttpMethod.Get, $"/api/items/{sku}/availability?area={area}"));
        }
        foreach (var area in areas)
            await AssertSameAsync(
                system,
                () =>
                    new(HttpMethod.Post, "/api/availability")
                    {
                        Content = JsonContent.Create(new { skus = skus.Append(Absent), area }),
                    }
            );
        // an expired document is rightly a miss until it is computed again
        foreach (var route in routes)
            await CountedAsync(
                system,
                route,
                report =>
                    report is { Stage: "lookup", Lookup: > 0 }
                    && report.Legacy == report.Reasons.GetValueOrDefault("due")
            );
    }

    [Fact]
    public async Task Row_Committed_BecomesTheAnswer()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        var sku = (await ReadAsync(system.Source, "select min(sku) from item"))[0];

        await using var update = system.Source.CreateCommand("update item set name = 'another name' where sku = $1");
        update.Parameters.Add(new() { Value = sku });
        await update.ExecuteNonQueryAsync(Cancellation);
        await system.CaughtUpAsync(Cancellation);

        Assert.Contains(
            "another name",
            await system.GatewayHttp.GetStringAsync($"/api/items/{sku}", Cancellation),
            StringComparison.Ordinal
        );
        await CountedAsync(system, "item", report => report is { Lookup: 1, Legacy: 0 });
    }

    /// <summary>
    /// An answer is counted once it is completely written, which is after its reader has it: the test waits for the
    /// count.
    /// </summary>
    private static async Task CountedAsync(RunningSystem system, string route, Func<RouteReport, bool> expected)
    {
        RouteReport? report = null;
        await Until.TrueAsync(
            async () => expected(report = await system.Admin.RouteAsync(route, Cancellation)),
            () =>
                $"{route} was answered {report?.Lookup} times by the lookup and {report?.Legacy} times by the call "
                + $"graph, because of {string.Join(", ", report?.Reasons ?? new Dictionary<string, long>())}.\n"
                + $"{system.Words()}",
            TimeSpan.FromSeconds(10),
            Cancellation
        );
    }

    /// <summary>
    /// Some answers change by themselves over time, also between the two requests: two that differ are requested again.
    /// </summary>
    private static async Task AssertSameAsync(RunningSystem system, Func<HttpRequestMessage> request)
    {
        var (legacy, lookup) = ("", "");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (legacy, lookup) = (
                await AskAsync(system.LegacyHttp, request()),
                await AskAsync(system.GatewayHttp, request())
            );
            if (legacy == lookup)
                return;
        }
        using var asked = request();
        Assert.Fail($"{asked.Method} {asked.RequestUri}\nlegacy {legacy}\nlookup {lookup}\n{system.Words()}");
    }

    private static async Task<string> AskAsync(HttpClient http, HttpRequestMessage request)
    {
        using var sent = request;
        using var response = await http.SendAsync(request, Cancellation);
        Assert.NotEqual(HttpStatusCode.BadGateway, response.StatusCode);
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType} "
            + $"{await response.Content.ReadAsStringAsync(Cancellation)}";
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
