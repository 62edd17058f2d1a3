using System.Globalization;
using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>A route in shadow whose answers all match, and what the gate says all the same: what the matches show.</summary>
public sealed class HonestGateTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const int Keys = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeStage_OnlyUnknownIdsMatched_IsRefusedAndSaysSo()
    {
        await using var setup = await StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"error":"unknown"}""");
        }, exist: false);
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var keys = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single().Keys;

        Assert.Equal(["gate:min-matches", "gate:min-keys", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Equal((12, 0, 12), (keys.Matched, keys.Existing, keys.Absent));
        Assert.Contains("Only 0 distinct keys that exist matched, where 10 are needed; 12 more don't exist on either side and aren't counted.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeStage_KeysThatExistMatched_IsTaken()
    {
        await using var setup = await StartAsync(Answer);
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync("""{"quantity":3}""");
    }

    /// <summary>Asks for a dozen keys, and waits until each has been compared.</summary>
    private static async Task CompareAsync(GatewaySetup setup, Action<HttpRequestMessage>? change = null)
    {
        for (var key = 100; key < 100 + Keys; key++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/items/{key.ToString(CultureInfo.InvariantCulture)}/availability?area=1");
            change?.Invoke(request);
            using var response = await setup.Client.SendAsync(request, Cancellation);
        }
        await GatewaySetup.UntilAsync(() => setup.Gateway.Routes.Find("availability")!.Stats.Shadow.Read().Compared == Keys, "all are compared");
    }

    private static Task<RouteReport> PromoteAsync(GatewaySetup setup) => setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);

    /// <summary>Every key has a document, but none where legacy knows none.</summary>
    private async Task<GatewaySetup> StartAsync(RequestDelegate answer, bool exist = true, params (string Key, string? Value)[] settings)
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(answer), start: false);
        setup.IsEvidenceStored = true;
        for (var key = 100; exist && key < 100 + Keys; key++) setup.Moments.Documents[key.ToString(CultureInfo.InvariantCulture)] = """{"quantity":3}""";
        await setup.StartGatewayAsync("legacy", [("Gateway:Source", setup.Store), (Route + "Stage", "shadow"), (Route + "Gate:MinMatches", "10"), (Route + "Gate:MinKeys", "10"), (Route + "Shadow:AskAgain:Pause", "00:00:00.01"), .. settings]);
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        return setup;
    }
}
