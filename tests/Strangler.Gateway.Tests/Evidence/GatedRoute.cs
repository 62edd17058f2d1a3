using System.Globalization;
using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Admin;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>A route in shadow whose answers all match, so that only what a test does closes its gate.</summary>
internal static class GatedRoute
{
    public const string Route = "ReverseProxy:Routes:availability:Strangler:";
    public const int Keys = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task Answer(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync("""{"quantity":3}""");
    }

    /// <summary>Asks for a dozen keys, and waits until each has been compared.</summary>
    public static async Task CompareAsync(GatewaySetup setup, Action<HttpRequestMessage, int>? change = null)
    {
        for (var key = 100; key < 100 + Keys; key++)
            await GetAsync(setup, key, change);
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Routes.Find("availability")!.Stats.Shadow.Read().Compared == Keys,
            "all are compared"
        );
        // The gate's own flush is limited to two seconds, and the first one compiles its statements.
        await setup
            .Gateway.Shadows.Find("availability")!
            .Places.WaitForEarlierAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.True(await setup.Gateway.Evidence.FlushAsync(Cancellation));
    }

    public static async Task GetAsync(GatewaySetup setup, int key, Action<HttpRequestMessage, int>? change)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/api/items/{key.ToString(CultureInfo.InvariantCulture)}/availability?area=1"
        );
        change?.Invoke(request, key);
        using var response = await setup.Client.SendAsync(request, Cancellation);
    }

    public static Task<RouteReport> PromoteAsync(GatewaySetup setup) =>
        setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);

    /// <summary>Every key has a document, except those that legacy doesn't know.</summary>
    public static async Task<GatewaySetup> StartAsync(
        PostgresFixture postgres,
        RequestDelegate answer,
        bool exist = true,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(answer), start: false);
        setup.IsEvidenceStored = true;
        for (var key = 100; exist && key < 100 + Keys; key++)
            setup.Moments.Documents[key.ToString(CultureInfo.InvariantCulture)] = """{"quantity":3}""";
        await setup.StartGatewayAsync("shadow", Settings(setup, settings));
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        return setup;
    }

    /// <summary>A route that doesn't say who may see its answers.</summary>
    public static (string Key, string? Value) SaysNothing => (Route + "Anonymous", null);

    public static (string Key, string? Value)[] Settings(
        GatewaySetup setup,
        params (string Key, string? Value)[] settings
    ) =>
        [
            ("Gateway:Source", setup.Store),
            (Route + "Gate:MinMatches", "10"),
            (Route + "Gate:MinKeys", "10"),
            (Route + "Shadow:AskAgain:Pause", "00:00:00.01"),
            .. settings,
        ];
}
