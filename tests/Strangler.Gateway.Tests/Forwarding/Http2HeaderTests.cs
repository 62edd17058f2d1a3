using System.Net;
using System.Text;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// Headers of an HTTP/2 client are passed as bytes too. Their names are in lower case (RFC 9113, 8.2.1), and each
/// character of a text here is a byte.
/// </summary>
public sealed class Http2HeaderTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string Latin1 = "na\u00EFve caf\u00E9 \u00FF\u0080";
    private const string Utf8 = "na\u00C3\u00AFve caf\u00C3\u00A9 \u00E2\u0082\u00AC";

    public static TheoryData<string, string> OfRequests() =>
        Each(["content-disposition", "cookie", "x-name", "referer", "user-agent", "authorization", "x-!#$%&'*+.^_`|~"]);

    public static TheoryData<string, string> OfAnswers() =>
        Each(["Content-Disposition", "Set-Cookie", "Location", "X-Name", "Server", "ETag", "Content-Type", "Link"]);

    [Theory]
    [MemberData(nameof(OfRequests))]
    public async Task Header_OfARequestOverHttp2_ReachesLegacyByteForByte(string name, string value)
    {
        await using var setup = await StartAsync(Ok);

        using var response = await AskAsync(setup, (name, value));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(value, Assert.Single(setup.Upstream.Asked).Value(name));
    }

    [Theory]
    [MemberData(nameof(OfAnswers))]
    public async Task Header_OfAnAnswer_ReachesAClientOfHttp2ByteForByte(string name, string value)
    {
        await using var setup = await StartAsync($"HTTP/1.1 200 OK\r\n{name}: {value}\r\nContent-Length: 0\r\n\r\n");

        using var response = await AskAsync(setup);

        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated);
        var found = headers.Single(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(value, found.Value.ToString());
    }

    [Fact]
    public async Task Headers_OfTheGatewaysOwnName_PassNeitherWayOverHttp2()
    {
        await using var setup = await StartAsync(
            "HTTP/1.1 200 OK\r\nStrangler-Answer: lookup\r\nX-Strangler: 1\r\nContent-Length: 0\r\n\r\n",
            ("Gateway:AnswerHeader", "true")
        );

        using var response = await AskAsync(
            setup,
            ("strangler-shadow", "again"),
            ("strangler_shadow", "again"),
            ("x-strangler", "2")
        );

        Assert.Equal(["x-strangler"], response.Headers.NonValidated.Select(header => header.Key).Where(IsNamedSo));
        var names = Assert.Single(setup.Upstream.Asked).Fields.Select(field => field.Name);
        Assert.Equal(["x-strangler"], names.Where(IsNamedSo));
    }

    private static bool IsNamedSo(string name) => name.Contains("strangler", StringComparison.OrdinalIgnoreCase);

    private static TheoryData<string, string> Each(string[] names)
    {
        var cases = new TheoryData<string, string>();
        foreach (var name in names)
        {
            cases.Add(name, $"\"{Latin1}\"");
            cases.Add(name, $"\"{Utf8}\"");
        }
        return cases;
    }

    private Task<RawSetup> StartAsync(string answer, params (string Key, string? Value)[] settings)
    {
        (string, string?) protocol = ("Kestrel:EndpointDefaults:Protocols", "Http2");
        return RawSetup.StartAsync(postgres, RawUpstream.Answering(answer), [protocol, .. settings]);
    }

    private static async Task<HttpResponseMessage> AskAsync(RawSetup setup, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{setup.Gateway.Address}/a")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = fields.Any(field => IsOfContent(field.Name)) ? new ByteArrayContent([]) : null,
        };
        foreach (var (name, value) in fields)
        {
            Assert.True(
                IsOfContent(name)
                    ? request.Content!.Headers.TryAddWithoutValidation(name, value)
                    : request.Headers.TryAddWithoutValidation(name, value)
            );
        }
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static bool IsOfContent(string name) => name.StartsWith("content-", StringComparison.Ordinal);
}
