using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>
/// In stage legacy a client can't distinguish the gateway from the legacy service: status, headers and bytes are
/// legacy's.
/// </summary>
public sealed class ForwardingTests(PostgresFixture postgres)
{
    private static readonly byte[] Large = Bytes(5 << 20);

    [Fact]
    public async Task Forward_AnswersOfManyKinds_AreTheLegacyServicesOwn()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(AnswerAsync));
        using var direct = GatewaySetup.Connect(setup.Upstream.Address);

        foreach (
            var kind in new[] { "plain", "chunked", "gzip", "empty", "204", "304", "302", "500", "large", "headers" }
        )
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                var target = $"/api/items/7/availability?area={kind}";

                var expected = await ReadAsync(direct, method, target);
                var actual = await ReadAsync(setup.Client, method, target);

                Assert.Equal(expected, actual);
            }
        }
        Assert.Equal(
            setup.Gateway.Routes.Find("availability")!.Stats.Legacy.Count,
            setup.Counted("availability", "stage")
        );
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("lookup")]
    public async Task Forward_Bodies_ReachTheLegacyServiceUnchanged(string stage)
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), stage);
        byte[][] bodies =
        [
            """{"skus":["1"],"other":1}"""u8.ToArray(),
            """{"skus":["1"]"""u8.ToArray(),
            [],
            Bytes(65_535),
            Bytes(65_536),
            Bytes(65_537),
            Bytes(300_000),
            Large,
            [.. "{\"skus\":[\"x\"],\"area\":\""u8, .. Enumerable.Repeat((byte)'a', 60_000), .. "\"}"u8],
        ];

        foreach (var body in bodies)
        {
            foreach (var chunked in new[] { false, true })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/availability")
                {
                    Content = new ByteArrayContent(body),
                };
                request.Content.Headers.ContentType = new("application/json");
                request.Headers.TransferEncodingChunked = chunked;

                using var response = await setup.Client.SendAsync(request, TestContext.Current.CancellationToken);

                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.True(setup.Upstream.Asked.TryDequeue(out var asked));
                Assert.Equal(body, asked.Body);
                Assert.Equal("application/json", asked.Headers.ContentType);
            }
        }
        Assert.Empty(setup.Answers.Asked);
    }

    [Fact]
    public async Task Forward_TraceparentOfTheClient_IsPassedOn()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/items/7/availability");
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");

        using var response = await setup.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.True(setup.Upstream.Asked.TryDequeue(out var asked));
        Assert.Contains(Trace, asked.Headers["traceparent"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_RouteWithoutASection_IsPlainYarp()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), "lookup");

        Assert.Equal(
            "legacy /other?x=1",
            await setup.Client.GetStringAsync("/other?x=1", TestContext.Current.CancellationToken)
        );
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.Server = "legacy/1.0";
        switch (context.Request.Query["area"])
        {
            case "chunked":
                await response.WriteAsync("one");
                await response.Body.FlushAsync();
                await response.WriteAsync("two");
                break;
            case "gzip":
                response.Headers.ContentEncoding = "gzip";
                await using (var gzip = new GZipStream(response.Body, CompressionLevel.Fastest))
                    await gzip.WriteAsync(Large.AsMemory(0, 100_000));
                break;
            case "empty":
                break;
            case "204":
                response.StatusCode = 204;
                break;
            case "304":
                response.StatusCode = 304;
                response.Headers.ETag = "\"v1\"";
                break;
            case "302":
                response.Redirect("/elsewhere");
                break;
            case "500":
                response.StatusCode = 500;
                await response.WriteAsync("broken");
                break;
            case "large":
                response.ContentLength = Large.Length;
                await response.Body.WriteAsync(Large);
                break;
            case "headers":
                response.Headers.Append("Set-Cookie", "a=1; Path=/");
                response.Headers.Append("Set-Cookie", "b=2");
                response.Headers["X-Odd"] = "  spaced, twice ";
                response.Headers.CacheControl = "no-store";
                break;
            default:
                await response.WriteAsync("plain");
                break;
        }
    }

    /// <summary>Everything of an answer except its date.</summary>
    private static async Task<string> ReadAsync(HttpClient client, HttpMethod method, string target)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Add("Accept-Encoding", "gzip");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}={string.Join("|", header.Value)}")
            .Order(StringComparer.Ordinal);
        return $"{method} {target} {(int)response.StatusCode} {string.Join(';', headers)} {body.Length} "
            + $"{Convert.ToHexString(SHA256.HashData(body))}";
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
