using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Evidence;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

/// <summary>
/// A request for another protocol, a tunnel or a method that no document answers goes to legacy, in every stage.
/// </summary>
public sealed class UpgradeServingTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lookup", "1.1")]
    [InlineData("lookup", "2.0")]
    [InlineData("shadow", "1.1")]
    [InlineData("shadow", "2.0")]
    public async Task WebSocket_OnARouteWithAProjection_IsLegacysAndIsCounted(string stage, string version)
    {
        await using var legacy = await SocketsAsync();
        await using var setup = await StartAsync(
            stage,
            legacy.Urls.First(),
            // over HTTP/2 it is a CONNECT, which YARP doesn't allow in a route
            ("ReverseProxy:Routes:availability:Match:Methods:0", null),
            ("ReverseProxy:Routes:availability:Match:Methods:1", null),
            ("Kestrel:EndpointDefaults:Protocols", version == "2.0" ? "Http2" : "Http1")
        );
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = Version.Parse(version);
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });

        await client.ConnectAsync(new Uri(setup.Gateway.Address.Replace("http", "ws") + Target), invoker, Cancellation);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[64];
        var received = await client.ReceiveAsync(buffer, Cancellation);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Empty(setup.Answers.Asked);
        var stats = setup.Gateway.Routes.Find("availability")!.Stats;
        if (stage == "lookup")
            Assert.Equal(1, setup.Counted("availability", "upgrade"));
        else
        {
            Assert.Equal([DropReason.Undeclared], setup.Evidence.Dropped);
            Assert.Equal(1, stats.Shadow.Read().NotSampled["upgrade"]);
        }
    }

    [Theory]
    [InlineData("GET", "Upgrade: h2c", "upgrade")]
    [InlineData("GET", "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "upgrade")]
    [InlineData("GET", "Connection: Upgrade", "upgrade")]
    [InlineData("OPTIONS", "Origin: http://shop", "undeclared-method")]
    [InlineData("TRACE", "", "undeclared-method")]
    [InlineData("get", "", "undeclared-method")]
    [InlineData("PROPFIND", "", "undeclared-method")]
    [InlineData("QUERY", "", "undeclared-method")]
    public async Task Request_ThatNoDocumentAnswers_IsLegacysAndIsCounted(string method, string headers, string reason)
    {
        await using var setup = await StartAsync(
            "lookup",
            null,
            ("ReverseProxy:Routes:availability:Match:Methods:0", null),
            ("ReverseProxy:Routes:availability:Match:Methods:1", null)
        );

        var answer = await SendAsync(
            setup,
            $"{method} {Target} HTTP/1.1\r\nHost: shop\r\n{headers}{(headers == "" ? "" : "\r\n")}\r\n"
        );

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"legacy {Target}", answer, StringComparison.Ordinal);
        Assert.Empty(setup.Answers.Asked);
        Assert.Equal(1, setup.Counted("availability", reason));
    }

    /// <summary>A route may have these methods, for example for CORS, and doesn't need ReadOnly for that.</summary>
    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Method_OfTheServer_IsLegacysThoughTheRouteDeclaresIt(string method)
    {
        await using var setup = await StartAsync(
            "lookup",
            null,
            ("ReverseProxy:Routes:availability:Match:Methods:2", method)
        );

        var answer = await SendAsync(setup, $"{method} {Target} HTTP/1.1\r\nHost: shop\r\n\r\n");

        Assert.Contains($"legacy {Target}", answer, StringComparison.Ordinal);
        Assert.Equal(1, setup.Counted("availability", "undeclared-method"));
    }

    private async Task<GatewaySetup> StartAsync(
        string stage,
        string? legacy,
        params (string Key, string? Value)[] settings
    )
    {
        if (stage == "shadow")
            settings = [("Gateway:Source", postgres.ConnectionString()), .. settings];
        if (legacy is not null)
            settings = [("ReverseProxy:Clusters:legacy:Destinations:d1:Address", legacy), .. settings];
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), stage, true, settings);
        setup.Answers.Put("7", """{"sku":7}""");
        return setup;
    }

    /// <summary>Sends text unchanged, and reads until the echo of the target has arrived.</summary>
    private static async Task<string> SendAsync(GatewaySetup setup, string request)
    {
        using var client = new TcpClient();
        var address = new Uri(setup.Gateway.Address);
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        var answer = new StringBuilder();
        var buffer = new byte[4_096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (!answer.ToString().Contains("availability", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, limit.Token);
            if (count == 0)
                break;
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        return answer.ToString();
    }

    /// <summary>A legacy service that returns what it receives over WebSockets.</summary>
    private static async Task<WebApplication> SocketsAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.UseWebSockets();
        application.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            while (
                await socket.ReceiveAsync(buffer, context.RequestAborted)
                    is { MessageType: WebSocketMessageType.Text } received
            )
            {
                await socket.SendAsync(
                    buffer.AsMemory(0, received.Count),
                    WebSocketMessageType.Text,
                    received.EndOfMessage,
                    context.RequestAborted
                );
            }
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await application.StartAsync(Cancellation);
        return application;
    }
}
