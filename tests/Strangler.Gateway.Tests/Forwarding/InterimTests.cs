using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// Interim answers and trailers of HTTP/1.1: what can't be passed on is left out completely, and not announced.
/// </summary>
public sealed class InterimTests(PostgresFixture postgres)
{
    private const string Chunked =
        "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n";

    [Theory]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 199 Odd\r\nX-Odd: 1\r\n\r\n")]
    public async Task Interim_OfLegacy_IsLeftOutAndTheAnswerFollows(string interim)
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering($"{interim}HTTP/1.1 200 OK\r\nX-Last: 1\r\nContent-Length: 2\r\n\r\nhi")
        );
        using var connection = await setup.ConnectAsync();

        await connection.WriteAsync("GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        var first = await connection.ReadHeadAsync();

        Assert.Equal(
            (200, "1", null, "hi"),
            (first!.Status, first.Value("X-Last"), first.Value("Link"), await connection.ReadBodyAsync(first))
        );
    }

    [Fact]
    public async Task Trailers_OfLegacy_AreLeftOutWithTheirAnnouncement()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Chunked));
        using var connection = await setup.ConnectAsync();

        await connection.WriteAsync("GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        var (head, trailers) = ((await connection.ReadHeadAsync())!, new List<string>());
        var body = await connection.ReadBodyAsync(head, trailers);

        Assert.Equal(("hi", null), (body, head.Value("Trailer")));
        Assert.Empty(trailers);
    }

    [Fact]
    public async Task Trailers_OfLegacy_ReachAClientOfHttp2WithTheirAnnouncement()
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Chunked),
            ("Kestrel:EndpointDefaults:Protocols", "Http2")
        );
        using var client = new HttpClient(new SocketsHttpHandler())
        {
            DefaultRequestVersion = System.Net.HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await client.GetAsync(setup.Gateway.Address, TestContext.Current.CancellationToken);

        Assert.Equal("X-Sum", Assert.Single(response.Headers.Trailer));
        Assert.Equal("1", Assert.Single(response.TrailingHeaders.GetValues("X-Sum")));
    }

    [Fact]
    public async Task Trailers_OfAClient_AreLeftOutWithTheirAnnouncement()
    {
        var trailers = new List<string>();
        var body = "";
        await using var setup = await RawSetup.StartAsync(
            postgres,
            new RawUpstream(
                async (request, upstream) =>
                {
                    body = await upstream.ReadBodyAsync(request, trailers);
                    await upstream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
            )
        );
        using var connection = await setup.ConnectAsync();

        const string Fields = "TE: trailers\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n";
        var (head, _) = await connection.AskAsync(
            $"POST /a HTTP/1.1\r\nHost: shop.example\r\n{Fields}\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n"
        );

        var asked = Assert.Single(setup.Upstream.Asked);
        Assert.Equal((200, "hi", null, null), (head.Status, body, asked.Value("Trailer"), asked.Value("TE")));
        Assert.Empty(trailers);
    }
}
