using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Strangler.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>What takes long passes as it comes, whether a route has a section or not.</summary>
public sealed class StreamTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes => [.. ParityGateway.Routes];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task WebSocket_OfAClient_CarriesMessagesBothWaysAndItsEnd(string route)
    {
        await using var legacy = await StreamUpstream.StartAsync();
        await using var gateway = await ParityGateway.StartAsync(postgres, legacy.Address);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(ParityGateway.Header, route);
        socket.Options.Proxy = null;
        await socket.ConnectAsync(new Uri($"ws{gateway.Address[4..]}/7/socket"), Cancellation);

        var echoes = new List<string>();
        foreach (var text in (string[])["one", "two"])
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);
            var buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer, Cancellation);
            echoes.Add(Encoding.ASCII.GetString(buffer, 0, received.Count));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        Assert.Equal(["one", "two"], echoes);
        Assert.Equal("done", socket.CloseStatusDescription);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Events_OfLegacy_ArriveBeforeItsAnswerEnds(string route)
    {
        await using var legacy = await StreamUpstream.StartAsync();
        await using var gateway = await ParityGateway.StartAsync(postgres, legacy.Address);
        using var client = Connect(gateway, route);
        using var answer = await client.GetAsync("/7/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));

        var first = await reader.ReadLineAsync(Cancellation);
        legacy.Heard.SetResult();

        Assert.Equal("data: one", first);
        Assert.Equal("\ndata: two\n\n", await reader.ReadToEndAsync(Cancellation));
    }

    /// <summary>Legacy has its beginning before the client has sent its end. No limit of a body applies.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Upload_OfAnySize_ReachesLegacyAsItComes(string route)
    {
        const int Piece = 1 << 20,
            Pieces = 64;
        await using var legacy = await StreamUpstream.StartAsync();
        await using var gateway = await ParityGateway.StartAsync(postgres, legacy.Address);
        using var client = Connect(gateway, route);
        var body = new Pipe();
        var sent = client.PostAsync("/7/upload", new PipedContent(body.Reader), Cancellation);

        for (var piece = 1; piece <= Pieces; piece++)
        {
            await body.Writer.WriteAsync(new byte[Piece], Cancellation);
            if (piece == 1) // the last few KiB may wait in a buffer for more
                await GatewaySetup.UntilAsync(() => legacy.Received > Piece / 2, "what was sent has come");
        }
        await body.Writer.CompleteAsync();
        using var answer = await sent;

        Assert.Equal($"{Piece * Pieces}", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Client_Leaves_LegacysRequestEnds(string route)
    {
        await using var legacy = await StreamUpstream.StartAsync();
        await using var gateway = await ParityGateway.StartAsync(postgres, legacy.Address);
        using var client = Connect(gateway, route);
        using var leave = new CancellationTokenSource();
        var asked = client.GetAsync("/7/wait", leave.Token);
        await legacy.Waits.Task.WaitAsync(GatewaySetup.Deadline, TimeProvider.System, Cancellation);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await legacy.Left.Task.WaitAsync(GatewaySetup.Deadline, TimeProvider.System, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Call_OfGrpc_StreamsBothWaysAndEndsWithItsStatus(string route)
    {
        await using var legacy = await StreamUpstream.StartAsync(HttpProtocols.Http2);
        await using var gateway = await ParityGateway.StartAsync(
            postgres,
            legacy.Address,
            ("Kestrel:EndpointDefaults:Protocols", "Http2"),
            ("ReverseProxy:Clusters:legacy:HttpRequest:Version", "2"),
            ("ReverseProxy:Clusters:legacy:HttpRequest:VersionPolicy", "RequestVersionExact")
        );
        using var client = Connect(gateway, route);
        var (body, buffer) = (new Pipe(), new byte[64]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/7/call")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new PipedContent(body.Reader) { Headers = { ContentType = new("application/grpc") } },
            Headers = { TE = { new("trailers") } },
        };
        // YARP passes on the head of an answer with its first piece
        await SendAsync("one");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var answered = await answer.Content.ReadAsStreamAsync(Cancellation);

        var echoes = new List<string> { await ReceiveAsync() };
        await SendAsync("two");
        echoes.Add(await ReceiveAsync());
        await body.Writer.CompleteAsync();

        Assert.Equal(0, await answered.ReadAsync(buffer, Cancellation));
        Assert.Equal(["one", "two"], echoes);
        Assert.Equal("application/grpc", $"{answer.Content.Headers.ContentType}");
        Assert.Equal(["0"], answer.TrailingHeaders.GetValues("grpc-status"));

        async Task SendAsync(string text) => await body.Writer.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);

        async Task<string> ReceiveAsync() =>
            Encoding.ASCII.GetString(buffer, 0, await answered.ReadAsync(buffer, Cancellation));
    }

    private static HttpClient Connect(RunningGateway gateway, string route)
    {
        var client = GatewaySetup.Connect(gateway.Address);
        client.DefaultRequestHeaders.Add(ParityGateway.Header, route);
        return client;
    }
}
