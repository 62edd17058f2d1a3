using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// A legacy service with TLS receives the same as one without it. <see cref="EarlyAnswerTests"/> covers early answers.
/// </summary>
public sealed class TlsTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private const string Latin1 = "na\u00EFve";
    private const string Utf8 = "na\u00C3\u00AFve";
    private const string Version = "ReverseProxy:Clusters:legacy:HttpRequest:Version";
    private const string Policy = "ReverseProxy:Clusters:legacy:HttpRequest:VersionPolicy";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/a")]
    [InlineData("/a%2Fb/%E4/100%?x=[1]&y={z}%40")]
    [InlineData("/a/./b/../c?")]
    public async Task Target_OfARequest_ReachesLegacyAsItWasWritten(string target)
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok, isTls: true));
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, target), await setup.AskForAsync(connection, target));
        Assert.Equal((200, target), await setup.AskForAsync(connection, target));
    }

    [Theory]
    [InlineData(Latin1)]
    [InlineData(Utf8)]
    public async Task Header_BothWays_IsTheSameBytes(string value)
    {
        var answer = $"HTTP/1.1 200 OK\r\nX-Answer: {value}\r\nContent-Length: 0\r\n\r\n";
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(answer, isTls: true));
        using var connection = await setup.ConnectAsync();

        var (head, _) = await connection.AskAsync($"GET /a HTTP/1.1\r\nHost: shop.example\r\nX-Name: {value}\r\n\r\n");

        Assert.Equal((200, value), (head.Status, head.Value("X-Answer")));
        Assert.Equal(value, Assert.Single(setup.Upstream.Asked).Value("X-Name"));
    }

    [Fact]
    public async Task InterimAnswersAndTrailers_OfLegacy_AreLeftOut()
    {
        const string Interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
        const string Fields = "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n";
        const string Last = $"HTTP/1.1 200 OK\r\n{Fields}\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n";
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Interim + Last, isTls: true));
        using var connection = await setup.ConnectAsync();

        await connection.WriteAsync("GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        var (head, trailers) = ((await connection.ReadHeadAsync())!, new List<string>());
        var body = await connection.ReadBodyAsync(head, trailers);

        Assert.Equal((200, "hi", null, null), (head.Status, body, head.Value("Trailer"), head.Value("Link")));
        Assert.Empty(trailers);
    }

    /// <summary>An upload in both directions at once: the received bytes are those that were sent.</summary>
    [Theory]
    [InlineData(null, null, HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(null, null, HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData("2", "RequestVersionExact", HttpProtocols.Http2, "HTTP/2")]
    [InlineData("1.1", "RequestVersionExact", HttpProtocols.Http1AndHttp2, "HTTP/1.1")]
    [InlineData("1.1", "RequestVersionOrHigher", HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task Version_OfTheConnection_IsWhatPolicyAndLegacyAgreeOn(
        string? version,
        string? policy,
        HttpProtocols protocols,
        string expected
    )
    {
        var piece = new string('x', 1 << 20);
        await using var legacy = await StartAsync(
            protocols,
            async context =>
            {
                context.Response.Headers["X-Protocol"] = context.Request.Protocol;
                await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
            }
        );
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            [.. Through(legacy), (Version, version), (Policy, policy)]
        );

        using var response = await setup.Client.PostAsync("/echo", new StringContent(piece), Cancellation);

        Assert.Equal(
            (HttpStatusCode.OK, expected),
            (response.StatusCode, response.Headers.GetValues("X-Protocol").Single())
        );
        Assert.Equal(piece, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Early_LegacyRefusesAnUploadOverHttp2_TheClientGetsTheRefusal()
    {
        await using var legacy = await StartAsync(
            HttpProtocols.Http2,
            context =>
            {
                context.Response.StatusCode = context.Request.Protocol == "HTTP/2" ? 413 : 505;
                return context.Response.WriteAsync("too large");
            }
        );
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            [.. Through(legacy)]
        );

        // HttpClient reads no answer before it has sent the whole body, and a server doesn't wait for that for ever.
        using var connection = await RawConnection.OpenAsync($"{setup.Client.BaseAddress}", Cancellation);
        var sending = connection.UploadAsync(20 << 20);
        var (head, body) = await connection.ReadAnswerAsync();
        await sending;

        Assert.Equal((413, "too large"), (head.Status, body));
    }

    /// <summary>Without the setting, an untrusted certificate is refused.</summary>
    [Fact]
    public async Task Certificate_NotTrusted_IsABadGateway()
    {
        await using var legacy = await StartAsync(HttpProtocols.Http1, context => context.Response.WriteAsync("hi"));
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            Through(legacy)[0]
        );

        using var response = await setup.Client.GetAsync("/a", Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    private static (string Key, string? Value)[] Through(WebApplication legacy) =>
        [("ReverseProxy:Clusters:legacy:Destinations:d1:Address", legacy.Urls.First()), RawSetup.TrustAnybody];

    private static async Task<WebApplication> StartAsync(HttpProtocols protocols, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(options =>
                options.Listen(
                    IPAddress.Loopback,
                    0,
                    listen =>
                    {
                        listen.Protocols = protocols;
                        listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = SelfSigned.Value });
                    }
                )
            );
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var legacy = builder.Build();
        legacy.Run(answer);
        await legacy.StartAsync(Cancellation);
        return legacy;
    }
}
