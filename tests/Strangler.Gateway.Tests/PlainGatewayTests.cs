using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Hosting;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>A gateway whose routes name no projection: it has no store, and nothing is wrong with that.</summary>
public sealed class PlainGatewayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_NoRouteNamesAProjection_PassesOnAndIsHealthy()
    {
        await using var upstream = await Upstream.EchoAsync();
        using var log = new KeptLog();
        await using var gateway = await StartAsync(upstream, log);
        using var client = GatewaySetup.Connect(gateway.Address);
        using var http = GatewaySetup.ConnectAdmin(gateway.AdminAddress);
        var admin = new AdminClient(http);

        Assert.Equal("legacy /items/7?a=b", await client.GetStringAsync("/items/7?a=b", Cancellation));
        Assert.Equal("legacy /else", await client.GetStringAsync("/else", Cancellation));

        var health = await admin.HealthAsync(Cancellation);
        Assert.Equal("serving", health.Status);
        Assert.Null(health.StoreTrouble);
        Assert.Null(health.SourceTrouble);
        var routes = await admin.RoutesAsync(Cancellation);
        Assert.Null(routes.StoreTrouble);
        var route = Assert.Single(routes.Routes);
        Assert.Equal(("item", "legacy", 1L), (route.Route, route.Stage, route.Legacy));
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Warning Strangler", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/report")]
    [InlineData("GET", "/routes/item/report")]
    [InlineData("GET", "/routes/item/history")]
    [InlineData("POST", "/routes/item/stage")]
    [InlineData("GET", "/evidence/examples/ABC")]
    [InlineData("GET", "/examples/ABC/explain")]
    [InlineData("GET", "/documents/Item/7")]
    public async Task Admin_WhatNeedsAStore_IsRefusedWithTheWayToOne(string method, string path)
    {
        await using var upstream = await Upstream.EchoAsync();
        using var log = new KeptLog();
        await using var gateway = await StartAsync(upstream, log);
        using var http = GatewaySetup.ConnectAdmin(gateway.AdminAddress);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path)
        {
            Content = new StringContent("""{"stage":"legacy","why":"test"}""", Encoding.UTF8, "application/json"),
        };

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var said = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("This gateway has no store", said, StringComparison.Ordinal);
        Assert.Contains("'Projection' and 'Key'", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_SectionsOfYarpsHostWithoutEffect_AreNamed()
    {
        var configuration = Configured(
            "http://127.0.0.1:9000",
            ("Services:catalog:http:0", "127.0.0.1:9000"),
            ("StaticFiles:Enabled", "true"),
            ("NavigationFallback:Path", "/index.html")
        );

        var (model, faults) = GatewayConfigReader.Read(configuration, []);

        Assert.Empty(faults);
        Assert.Equal(
            ["NavigationFallback", "Services", "StaticFiles"],
            model!.Warnings.Select(warning => warning.Path).Order(StringComparer.Ordinal)
        );
        Assert.Equal(model.Warnings, GatewayCheck.Warnings(configuration));
    }

    private static Task<RunningGateway> StartAsync(Upstream upstream, KeptLog log) =>
        GatewayHost.StartAsync(
            Configured(upstream.Address),
            [],
            null,
            null,
            null,
            log,
            TimeProvider.System,
            Cancellation
        );

    private static IConfigurationRoot Configured(string upstream, params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Urls"] = "http://127.0.0.1:0",
                    ["Gateway:Admin"] = "http://127.0.0.1:0",
                    ["Gateway:AdminTokenFile"] = GatewaySetup.TokenFile,
                    ["ReverseProxy:Routes:item:ClusterId"] = "legacy",
                    ["ReverseProxy:Routes:item:Match:Path"] = "/items/{sku}",
                    ["ReverseProxy:Routes:item:Strangler:Stage"] = "legacy",
                    ["ReverseProxy:Routes:rest:ClusterId"] = "legacy",
                    ["ReverseProxy:Routes:rest:Match:Path"] = "/{**rest}",
                    ["ReverseProxy:Clusters:legacy:Destinations:d1:Address"] = upstream,
                }
            )
            .AddInMemoryCollection(settings.Select(one => new KeyValuePair<string, string?>(one.Key, one.Value)))
            .Build();
}
