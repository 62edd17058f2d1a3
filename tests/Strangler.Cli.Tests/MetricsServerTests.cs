using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Strangler.CdcBridge.Telemetry;
using Strangler.Cli.Telemetry;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class MetricsServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Address_ServesMetricsAndHealth()
    {
        var address = $"http://127.0.0.1:{FreePort.Take()}";
        using var monitor = new BridgeMonitor();
        await using var server = Start(address, monitor)!;
        using var http = new HttpClient { BaseAddress = new Uri(address) };

        var metrics = await GetAsync(http, "/metrics");
        var (code, health) = await AnswerAsync(http, "/health");
        var (ready, _) = await AnswerAsync(http, "/health/ready");
        var (live, _) = await AnswerAsync(http, "/health/live");

        Assert.Contains("\nstrangler_bridge_tables_in_doubt", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(
            """{"status":"starting","isLive":true,"isReady":false,"reason":null,"walRisk":null,"snapshot":null}""",
            health
        );
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready, live));
    }

    /// <summary>A page that had its name rebound to loopback reads nothing.</summary>
    [Fact]
    public async Task Start_RequestForAnotherHost_IsRefused()
    {
        var address = $"http://127.0.0.1:{FreePort.Take()}";
        using var monitor = new BridgeMonitor();
        await using var server = Start(address, monitor)!;
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        await GetAsync(http, "/metrics");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "evil.example" } };
        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("http://prometheus.example:9464")]
    [InlineData("https://127.0.0.1:9464")]
    [InlineData("http://127.0.0.1:9464/metrics")]
    public void Start_NoAddress_ServesNothing(string? address)
    {
        using var monitor = new BridgeMonitor();

        Assert.Null(Start(address, monitor));
    }

    /// <summary>The bridge is no reason to stop for that, so the server isn't one either.</summary>
    [Fact]
    public async Task Start_AddressTaken_EndsWithoutAnError()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var monitor = new BridgeMonitor();

        await using var server = Start($"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", monitor);

        Assert.NotNull(server);
    }

    private static MetricsServer? Start(string? address, BridgeMonitor monitor) =>
        MetricsServer.Start(
            new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Bridge:Metrics", address)]).Build(),
            "Bridge",
            (endpoints, isLoopback) => endpoints.MapHealth(monitor, isLoopback),
            NullLoggerFactory.Instance
        );

    private static async Task<(HttpStatusCode Code, string Text)> AnswerAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The server starts in the background.</summary>
    private static async Task<string> GetAsync(HttpClient http, string path)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await http.GetStringAsync(path, limit.Token);
            }
            catch (HttpRequestException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }
    }
}
