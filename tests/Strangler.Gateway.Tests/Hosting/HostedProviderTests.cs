using Microsoft.Extensions.DependencyInjection;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Testing;
using Xunit;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;
using static Strangler.Gateway.Tests.Hosting.HostSetup;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>What a team has added to YARP itself works with Strangler as without it.</summary>
public sealed class HostedProviderTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_WithServiceDiscovery_AsksWhatItFinds()
    {
        const string Name = "http://the-shop/";
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(
            postgres,
            upstream,
            (Item + "Stage", "lookup"),
            ("ReverseProxy:Clusters:legacy:Destinations:d1:Address", Name)
        );
        await using var host = await StartAsync(
            configuration,
            builder =>
            {
                builder.Services.AddSingleton<IDestinationResolver>(new TeamResolver(Name, upstream.Address));
                builder.LoadFromConfig(Proxy(configuration));
            }
        );
        using var client = GatewaySetup.Connect(host.Urls.First());

        Assert.Equal("legacy /else", await client.GetStringAsync("/else", Cancellation));
        Assert.Equal("legacy /items/7?other=1", await client.GetStringAsync("/items/7?other=1", Cancellation));
        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/items/7", Cancellation));
    }

    [Fact]
    public async Task Host_WithTransformsInCode_HasThemWhoeverAnswers()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(postgres, upstream, (Item + "Stage", "lookup"));
        await using var host = await StartAsync(
            configuration,
            builder =>
                builder
                    .LoadFromConfig(Proxy(configuration))
                    .AddTransforms(transforms =>
                        transforms.AddRequestHeader("X-Team", "asked").AddResponseHeader("X-Team", "answered")
                    )
        );
        using var client = GatewaySetup.Connect(host.Urls.First());

        foreach (var path in (string[])["/items/7", "/items/7?other=1", "/else"])
        {
            using var answer = await client.GetAsync(path, Cancellation);
            Assert.Equal(["answered"], answer.Headers.GetValues("X-Team"));
        }
        Assert.Equal(["/items/7?other=1", "/else"], upstream.Asked.Select(asked => asked.Target));
        Assert.All(upstream.Asked, asked => Assert.Equal("asked", asked.Headers["X-Team"]));
    }

    /// <summary>Its routes are in effect with their sections, or the last good ones stay and it is said why.</summary>
    [Fact]
    public async Task Host_OwnProviderChanges_TakesItOrSaysWhyNot()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(
            postgres,
            upstream,
            ("Own:Stage", "lookup"),
            ("Own:Projection", "ItemAvailability"),
            ("Own:Key", "{sku}")
        );
        var (path, fails, log) = ("/first/{sku}", false, new KeptLog());
        using var provider = new TeamProvider(() =>
            fails
                ? throw new InvalidOperationException("The registry is down.")
                :
                [
                    new RouteConfig
                    {
                        RouteId = "own",
                        ClusterId = "legacy",
                        Match = new RouteMatch { Path = path },
                    },
                ]
        );
        await using var host = await StartAsync(
            configuration,
            builder =>
            {
                builder.LoadFromConfig(Proxy(configuration));
                builder.Services.AddSingleton<IProxyConfigProvider>(provider);
            },
            options => options.Routes["own"] = configuration.GetSection("Own"),
            log
        );
        var state = host.Services.GetRequiredService<ReloadState>();
        using var counts = new ReloadCount(host);
        using var client = GatewaySetup.Connect(host.Urls.First());
        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/first/7", Cancellation));

        path = "/second/{sku}";
        provider.Change();
        await GatewaySetup.UntilAsync(() => counts.Value == (1, 0), "it is applied");
        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/second/7", Cancellation));
        Assert.Equal("legacy /first/7", await client.GetStringAsync("/first/7", Cancellation));

        fails = true;
        provider.Change();
        await GatewaySetup.UntilAsync(() => counts.Value == (1, 1), "it is refused");
        Assert.Contains("The registry is down.", Assert.Single(state.Sentences), StringComparison.Ordinal);
        Assert.Single(
            log.Lines,
            line =>
                line.StartsWith("Error Strangler.", StringComparison.Ordinal)
                && line.Contains("the last good one stays", StringComparison.Ordinal)
        );
        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/second/7", Cancellation));
    }
}
