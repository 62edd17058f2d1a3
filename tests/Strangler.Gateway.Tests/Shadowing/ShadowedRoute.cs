using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Evidence;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// A gateway in stage shadow in front of a legacy service over real HTTP, with a real source to look at.
/// </summary>
internal static class ShadowedRoute
{
    public const string Target = "/api/items/7/availability?area=1";
    public const string Shadow = "ReverseProxy:Routes:availability:Strangler:Shadow:";

    public static async Task<string> GetAsync(GatewaySetup setup, params Action<HttpRequestMessage>[] with)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Target);
        foreach (var act in with)
            act(request);
        using var response = await setup.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<Comparison> ComparedAsync(GatewaySetup setup)
    {
        await GatewaySetup.UntilAsync(
            () => !setup.Evidence.Comparisons.IsEmpty,
            $"it is compared (dropped: {string.Join(',', setup.Evidence.Dropped)})"
        );
        return setup.Evidence.Comparisons.First();
    }

    public static Task<GatewaySetup> StartAsync(
        PostgresFixture postgres,
        Func<HttpContext, string> answer,
        params (string Key, string? Value)[] settings
    ) => StartAsync(postgres, answer, TimeProvider.System, settings);

    public static Task<GatewaySetup> StartAsync(
        PostgresFixture postgres,
        Func<HttpContext, string> answer,
        TimeProvider time,
        params (string Key, string? Value)[] settings
    ) =>
        StartAsync(
            postgres,
            context =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(answer(context));
            },
            time,
            settings
        );

    public static async Task<GatewaySetup> StartAsync(
        PostgresFixture postgres,
        RequestDelegate answer,
        TimeProvider time,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(answer), start: false);
        setup.Time = time;
        await setup.StartGatewayAsync(
            "legacy",
            [
                ("Gateway:Source", setup.Store),
                ("ReverseProxy:Routes:availability:Strangler:Stage", "shadow"),
                (Shadow + "AskAgain:Pause", "00:00:00.01"),
                .. settings,
            ]
        );
        if (settings.All(setting => setting.Value != "legacy"))
            await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        return setup;
    }
}
