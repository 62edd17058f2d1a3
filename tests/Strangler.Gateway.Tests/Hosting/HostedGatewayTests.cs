using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Projections.Configuration;
using Strangler.Testing;
using Xunit;
using Yarp.ReverseProxy.Configuration;
using static Strangler.Gateway.Tests.Hosting.HostSetup;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>A team's own host of YARP, to which Strangler is added.</summary>
public sealed class HostedGatewayTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_WithStrangler_KeepsItsOwnAndAnswersRoutesFromTheLookup()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(upstream, (Item + "Stage", "lookup"));
        await using var host = await StartAsync(configuration, builder => builder.LoadFromConfig(Proxy(configuration)));
        using var client = GatewaySetup.Connect(host.Urls.First());

        Assert.Equal("own", await client.GetStringAsync("/own", Cancellation));
        Assert.Equal("legacy /else", await client.GetStringAsync("/else", Cancellation));
        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/items/7", Cancellation));
        // the host's own policy comes first
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/locked/7", Cancellation)).StatusCode);
        Assert.DoesNotContain(upstream.Asked, asked => asked.Target == "/items/7");
    }

    /// <summary>What bare YARP does to a target it does here too, unless the route has a section.</summary>
    [Fact]
    public async Task Host_RouteWithoutASection_IsNotTouched()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(upstream);
        await using var host = await StartAsync(configuration, builder => builder.LoadFromConfig(Proxy(configuration)));
        using var client = GatewaySetup.Connect(host.Urls.First());

        await client.GetStringAsync("/else/a%2Fb", Cancellation);
        await client.GetStringAsync("/items/a%2Fb", Cancellation);

        Assert.Equal(["/else/a%252Fb", "/items/a%2Fb"], upstream.RawTargets);
    }

    [Fact]
    public async Task Host_RoutesFromCode_CarryTheirSectionsAsOptions()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(
            upstream,
            ("Own:Stage", "lookup"),
            ("Own:Projection", "ItemAvailability"),
            ("Own:Key", "{sku}")
        );
        await using var host = await StartAsync(
            configuration,
            builder =>
                builder.LoadFromMemory(
                    [
                        new RouteConfig
                        {
                            RouteId = "code",
                            ClusterId = "legacy",
                            Match = new RouteMatch { Path = "/code/{sku}" },
                        },
                    ],
                    [
                        new ClusterConfig
                        {
                            ClusterId = "legacy",
                            Destinations = new Dictionary<string, DestinationConfig>
                            {
                                ["d1"] = new() { Address = upstream.Address },
                            },
                        },
                    ]
                ),
            options => options.Routes["code"] = configuration.GetSection("Own")
        );
        using var client = GatewaySetup.Connect(host.Urls.First());

        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/code/7", Cancellation));
    }

    [Fact]
    public async Task Host_ConfigurationChanges_TakesItAsAWholeOrKeepsTheLastGoodOne()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(upstream, (Item + "Stage", "lookup"));
        var log = new KeptLog();
        await using var host = await StartAsync(
            configuration,
            builder => builder.LoadFromConfig(Proxy(configuration)),
            log: log
        );
        using var counts = new ReloadCount(host);
        var (routes, state) = (
            host.Services.GetRequiredService<GatewayRoutes>(),
            host.Services.GetRequiredService<ReloadState>()
        );

        configuration[Item + "MaxKeys"] = "3";
        configuration.Reload();
        await GatewaySetup.UntilAsync(() => routes.Find("item")!.Model.Lookup!.MaxKeys == 3, "the change is applied");

        configuration[Item + "MaxKeys"] = "many";
        configuration["ReverseProxy:Routes:rest:Match:Path"] = "/other/{**rest}";
        configuration.Reload();
        await GatewaySetup.UntilAsync(() => state.Sentences.Count > 0, "the fault is said");
        Assert.Contains("MaxKeys", Assert.Single(state.Sentences), StringComparison.Ordinal);
        using var client = GatewaySetup.Connect(host.Urls.First());
        Assert.Equal("legacy /else", await client.GetStringAsync("/else", Cancellation));

        configuration[Item + "MaxKeys"] = "4";
        configuration.Reload();
        await GatewaySetup.UntilAsync(() => routes.Find("item")!.Model.Lookup!.MaxKeys == 4, "it is corrected");
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/else", Cancellation)).StatusCode);
        await GatewaySetup.UntilAsync(() => counts.Value.Applied >= 2, "both are counted");
        Assert.Equal((2, 1), counts.Value);
        Assert.Single(
            log.Lines,
            line =>
                line.StartsWith("Error Strangler.", StringComparison.Ordinal)
                && line.Contains("the last good one stays", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Host_FaultySection_DoesNotStartAndSaysWhy()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(upstream, (Item + "MaxKeys", "many"));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() =>
            StartAsync(configuration, builder => builder.LoadFromConfig(Proxy(configuration)))
        );

        // YARP has its own exception around it
        var faults = Assert.IsType<FaultException>(thrown.GetBaseException()).Faults;
        Assert.Equal(Item + "MaxKeys", Assert.Single(faults).Path);
    }

    /// <summary>As <c>strangler migrate</c> leaves them beside its configuration.</summary>
    [Fact]
    public async Task Host_TokensBesideAConfigurationFile_AreThoseOfTheAdminApi()
    {
        await using var upstream = await Upstream.EchoAsync();
        var folder = Directory.CreateTempSubdirectory("strangler-host-").FullName;
        File.Copy(GatewaySetup.TokenFile, Path.Combine(folder, AdminTokenFile.DefaultName));
        var configuration = await InFolderAsync(upstream, folder);
        var log = new KeptLog();
        await using var host = await StartAsync(
            configuration,
            builder => builder.LoadFromConfig(Proxy(configuration)),
            log: log
        );
        using var admin = GatewaySetup.ConnectAdmin(host.Services.GetRequiredService<AdminHost>().Address);

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/routes", Cancellation)).StatusCode);
        Assert.DoesNotContain(log.Lines, line => line.Contains(AdminTokenFile.DefaultName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_WithoutTokensAndSecret_WarnsAndServes()
    {
        await using var upstream = await Upstream.EchoAsync();
        var folder = Directory.CreateTempSubdirectory("strangler-host-").FullName;
        var configuration = await InFolderAsync(upstream, folder);
        configuration["Projections:Moments"] = "http://127.0.0.1:8082";
        var log = new KeptLog();
        await using var host = await StartAsync(
            configuration,
            builder => builder.LoadFromConfig(Proxy(configuration)),
            log: log
        );
        using var admin = GatewaySetup.ConnectAdmin(host.Services.GetRequiredService<AdminHost>().Address);
        using var client = GatewaySetup.Connect(host.Urls.First());

        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.GetAsync("/routes", Cancellation)).StatusCode);
        Assert.Equal("legacy /else", await client.GetStringAsync("/else", Cancellation));
        foreach (var file in new[] { AdminTokenFile.DefaultName, MomentsSecret.DefaultName })
        {
            var path = Path.Combine(folder, file);
            Assert.Single(
                log.Lines,
                line => line.Contains($"the file '{path}' doesn't exist", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Host_OwnLoginOfTheGateway_IsUsedInPlaceOfTheStoresOwner()
    {
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(upstream, (Item + "Stage", "lookup"));
        configuration["Store:GatewayConnectionString"] = configuration["Store:ConnectionString"];
        configuration["Store:ConnectionString"] = null;
        await using var host = await StartAsync(configuration, builder => builder.LoadFromConfig(Proxy(configuration)));
        using var client = GatewaySetup.Connect(host.Urls.First());

        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/items/7", Cancellation));
    }

    /// <summary>YARP keeps its routes then, and says so in its log only.</summary>
    [Fact]
    public async Task Host_ValueThatYarpCantRead_KeepsTheLastGoodOneAndSaysSo()
    {
        const string Timeout = "ReverseProxy:Clusters:legacy:HttpRequest:ActivityTimeout";
        await using var upstream = await Upstream.EchoAsync();
        var configuration = await ConfiguredAsync(upstream, (Item + "Stage", "lookup"), (Timeout, "00:00:10"));
        await using var host = await StartAsync(configuration, builder => builder.LoadFromConfig(Proxy(configuration)));
        var state = host.Services.GetRequiredService<ReloadState>();
        using var client = GatewaySetup.Connect(host.Urls.First());

        configuration[Timeout] = "soon";
        configuration.Reload();
        await GatewaySetup.UntilAsync(() => state.Sentences.Count > 0, "the fault is said");
        Assert.Contains(Timeout, Assert.Single(state.Sentences), StringComparison.Ordinal);
        Assert.Equal("legacy /else", await client.GetStringAsync("/else", Cancellation));
        Assert.Equal("{\"sku\":7}", await client.GetStringAsync("/items/7", Cancellation));

        configuration[Timeout] = "00:00:20";
        configuration.Reload();
        await GatewaySetup.UntilAsync(() => state.Sentences.Count == 0, "it is corrected");
    }

    private Task<IConfigurationRoot> ConfiguredAsync(
        Upstream upstream,
        params (string Key, string? Value)[] settings
    ) => HostSetup.ConfiguredAsync(postgres, upstream, settings);

    /// <summary>A configuration that was read from a file, and names none of Strangler's own.</summary>
    private async Task<IConfigurationRoot> InFolderAsync(Upstream upstream, string folder)
    {
        var file = Path.Combine(folder, "appsettings.json");
        await File.WriteAllTextAsync(file, "{}", Cancellation);
        var configured = await ConfiguredAsync(upstream, ("Gateway:AdminTokenFile", null));
        return new ConfigurationBuilder().AddInMemoryCollection(configured.AsEnumerable()).AddJsonFile(file).Build();
    }
}
