using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Hosting;
using Strangler.Testing;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>
/// The same requests go through bare YARP and through the gateway: legacy receives the same, and so does the client,
/// except for what docs/http.md lists.
/// </summary>
public sealed class ParityTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain")]
    [InlineData("legacy")]
    [InlineData("shadow")]
    public async Task Request_OfAnyKind_IsWhatBareYarpMakesOfIt(string route)
    {
        await using var legacy = new ParityUpstream();
        await using var bare = await BareAsync(legacy.Address);
        await using var gateway = await GatewayAsync(legacy.Address);
        var (others, used) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));

        foreach (var request in ParityRequests.All)
        {
            var sent = request.Replace("\r\nHost:", $"\r\nX-Route: {route}\r\nHost:", StringComparison.Ordinal);
            var expected = await legacy.ExchangeAsync(bare.Urls.First(), sent, Cancellation);
            var found = await legacy.ExchangeAsync(gateway.Address, sent, Cancellation);
            if (expected == found)
                continue;
            if (Improvement.Find(sent, expected, found) is { } improvement)
                used.Add(improvement);
            else
                others.Add($"{sent}\n--- bare YARP\n{expected}\n--- gateway\n{found}");
        }

        Assert.True(others.Count == 0, $"{others.Count} differ:\n{string.Join("\n=====\n", others.Take(5))}");
        // none of them is there for nothing
        Assert.Equal(Improvement.Names, used.Order(StringComparer.Ordinal));
    }

    private static async Task<WebApplication> BareAsync(string legacy)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = null;
            })
            .UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory(
                [
                    new RouteConfig
                    {
                        RouteId = "all",
                        ClusterId = "legacy",
                        Match = new RouteMatch { Path = "/{**rest}" },
                    },
                ],
                [
                    new ClusterConfig
                    {
                        ClusterId = "legacy",
                        Destinations = new Dictionary<string, DestinationConfig>
                        {
                            ["d1"] = new() { Address = legacy },
                        },
                    },
                ]
            );
        var bare = builder.Build();
        bare.MapReverseProxy();
        await bare.StartAsync(Cancellation);
        return bare;
    }

    private async Task<RunningGateway> GatewayAsync(string legacy)
    {
        var setup = new GatewaySetup { Store = await postgres.CreateDatabaseAsync("parity"), Upstream = null! };
        await setup.MigrateAsync();
        var source = await postgres.CreateDatabaseAsync("paritysource");
        var answers = new FakeAnswers { Verification = await GatewaySetup.VerificationAsync(source) };
        var gateway = await GatewayHost.StartAsync(
            GatewaySetup.Configured(
                setup.Store,
                legacy,
                "legacy",
                [
                    ("Gateway:Source", source),
                    .. Route("plain"),
                    .. Route("legacy"),
                    ("ReverseProxy:Routes:legacy:Strangler:Stage", "legacy"),
                    .. Route("shadow"),
                    ("ReverseProxy:Routes:shadow:Match:Path", "/{sku}/{**rest}"),
                    ("ReverseProxy:Routes:shadow:Strangler:Stage", "shadow"),
                    ("ReverseProxy:Routes:shadow:Strangler:Projection", "ItemAvailability"),
                    ("ReverseProxy:Routes:shadow:Strangler:Key", "{sku}"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:Share", "1"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:PerSecond", "10000"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:Delay", "00:00:00"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:AskAgain:Times", "0"),
                ]
            ),
            [new FakeResponder()],
            answers,
            new FakeMoments(),
            new FakeEvidence(),
            null,
            TimeProvider.System,
            Cancellation,
            storePatience: GatewaySetup.Deadline
        );
        return gateway;
    }

    private static (string, string?)[] Route(string name) =>
        [
            ($"ReverseProxy:Routes:{name}:ClusterId", "legacy"),
            ($"ReverseProxy:Routes:{name}:Order", "-1"),
            ($"ReverseProxy:Routes:{name}:Match:Path", "/{**rest}"),
            ($"ReverseProxy:Routes:{name}:Match:Headers:0:Name", "X-Route"),
            ($"ReverseProxy:Routes:{name}:Match:Headers:0:Values:0", name),
        ];
}
