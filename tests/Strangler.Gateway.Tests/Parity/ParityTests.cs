using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
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
        await using var gateway = await ParityGateway.StartAsync(postgres, legacy.Address);
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
}
