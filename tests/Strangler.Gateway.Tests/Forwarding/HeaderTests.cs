using CsCheck;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// Headers are passed as bytes in both directions, in any encoding. Each character of a text here is a byte.
/// </summary>
public sealed class HeaderTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string Latin1 = "na\u00EFve caf\u00E9";
    private const string Utf8 = "na\u00C3\u00AFve caf\u00C3\u00A9 \u00E2\u0082\u00AC";

    private static readonly string[] RequestNames =
    [
        "Accept",
        "ACCEPT-language",
        "Cookie",
        "cOOKIE",
        "User-Agent",
        "Referer",
        "If-None-Match",
        "Authorization",
        "Content-Disposition",
        "Content-Language",
        "Range",
        "Cache-Control",
        "X-Name",
        "x-name",
        "X-!#$%&'*+.^_`|~",
        "Via",
        "Warning",
        "Date",
        "From",
        "Origin",
    ];

    private static readonly string[] AnswerNames =
    [
        "Content-Disposition",
        "Content-Type",
        "Set-Cookie",
        "SET-cookie",
        "Location",
        "ETag",
        "Link",
        "Server",
        "Vary",
        "Cache-Control",
        "Last-Modified",
        "WWW-Authenticate",
        "X-Name",
        "x-name",
        "X-!#$%&'*+.^_`|~",
        "Retry-After",
        "Age",
        "Expires",
        "Allow",
        "Content-Language",
        "P3P",
        "Via",
    ];

    private static readonly string[] Odd =
    [
        "",
        Latin1,
        Utf8,
        "\u00FF\u0080",
        "TEXT/html;Charset=UTF-8",
        "gzip,  br",
        "a\tb",
        "\"q\\\"uoted\"",
        "a=1; b=2",
        ",",
        ", ,",
        "=?utf-8?q?x?=",
        "application/json",
        "No-Cache",
        "accept-encoding",
        "*",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "garbage (",
        "x,y",
        ";;",
    ];

    private static readonly Gen<string> Value = Gen.Frequency(
        (3, Gen.Int[0, Odd.Length - 1].Select(index => Odd[index])),
        (
            2,
            Gen.Frequency((3, Gen.Char['!', '~']), (2, Gen.Char['\u0080', '\u00FF']))
                .Array[1, 40]
                .Select(letters => new string(letters))
        ),
        (1, Gen.Int[200, 3_000].Select(length => new string('v', length)))
    );

    [Theory]
    [InlineData("Content-Disposition", $"attachment; filename=\"{Latin1}.pdf\"")]
    [InlineData("Content-Disposition", $"attachment; filename=\"{Utf8}.pdf\"")]
    [InlineData("Cookie", $"name={Latin1}")]
    [InlineData("Cookie", $"name={Utf8}")]
    [InlineData("X-Name", Latin1)]
    [InlineData("X-Name", Utf8)]
    [InlineData("X-Name", "\u00C3")]
    [InlineData("Referer", $"https://shop.example/{Utf8}")]
    public async Task Header_OfARequest_ReachesLegacyByteForByte(string name, string value)
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        var (head, _) = await connection.AskAsync(
            $"POST /a HTTP/1.1\r\nHost: shop.example\r\n{name}: {value}\r\nContent-Length: 0\r\n\r\n"
        );

        Assert.Equal((200, value), (head.Status, Assert.Single(setup.Upstream.Asked).Value(name)));
    }

    [Theory]
    [InlineData("Content-Disposition", $"attachment; filename=\"{Latin1}.pdf\"")]
    [InlineData("Content-Disposition", $"attachment; filename=\"{Utf8}.pdf\"")]
    [InlineData("Set-Cookie", $"name={Latin1}; Path=/")]
    [InlineData("Set-Cookie", $"name={Utf8}; Path=/")]
    [InlineData("X-Name", Latin1)]
    [InlineData("X-Name", Utf8)]
    [InlineData("Location", $"/{Latin1}")]
    [InlineData("Location", $"/{Utf8}")]
    [InlineData("Content-Type", $"text/plain; x=\"{Utf8}\"")]
    public async Task Header_OfAnAnswer_ReachesTheClientByteForByte(string name, string value)
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering($"HTTP/1.1 200 OK\r\n{name}: {value}\r\nContent-Length: 2\r\n\r\nhi")
        );
        using var connection = await setup.ConnectAsync();

        var (head, body) = await connection.AskAsync("GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n");

        Assert.Equal((200, value, "hi"), (head.Status, head.Value(name), body));
    }

    [Fact]
    public async Task Headers_OfAnyRequest_ReachLegacyByteForByte()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        await Gen.Select(Gen.Int[0, RequestNames.Length - 1].Select(index => RequestNames[index]), Value)
            .Array[0, 12]
            .SampleAsync(
                async fields =>
                {
                    setup.Upstream.Asked.Clear();
                    var (head, _) = await connection.AskAsync(
                        $"GET /a HTTP/1.1\r\nHost: shop.example\r\n{Lines(fields)}\r\n"
                    );

                    Assert.Equal(200, head.Status);
                    Assert.Equal(Combined(fields), Combined(Of(Assert.Single(setup.Upstream.Asked), RequestNames)));
                },
                iter: 2_000,
                threads: 1
            );
    }

    [Fact]
    public async Task Headers_OfAnyAnswer_ReachTheClientByteForByte()
    {
        var answer = "";
        await using var setup = await RawSetup.StartAsync(
            postgres,
            new RawUpstream((_, upstream) => upstream.WriteAsync(answer))
        );
        using var connection = await setup.ConnectAsync();

        await Gen.Select(Gen.Int[0, AnswerNames.Length - 1].Select(index => AnswerNames[index]), Value)
            .Array[0, 12]
            .SampleAsync(
                async fields =>
                {
                    answer = $"HTTP/1.1 200 OK\r\n{Lines(fields)}Content-Length: 0\r\n\r\n";
                    var (head, _) = await connection.AskAsync("GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n");

                    Assert.Equal(200, head.Status);
                    Assert.Equal(Combined(fields), Combined(Of(head, AnswerNames)));
                },
                iter: 2_000,
                threads: 1
            );
    }

    [Fact]
    public async Task Headers_OfTheGatewaysOwnName_NeverPassFromAClient()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        const string Fields =
            "Strangler-Shadow: again\r\nstrangler-anything: 1\r\nX-Strangler: 2\r\nStrangler_Shadow: again\r\n"
            + "sTRANGLER_anything-else: 3\r\nStrangler.Shadow: again\r\n";
        await connection.AskAsync($"GET /a HTTP/1.1\r\nHost: shop.example\r\n{Fields}\r\n");

        var names = Assert.Single(setup.Upstream.Asked).Fields.Select(field => field.Name);
        Assert.Equal(
            ["X-Strangler"],
            names.Where(name => name.Contains("strangler", StringComparison.OrdinalIgnoreCase))
        );
    }

    [Theory]
    [InlineData("/api/items/7/availability", "legacy; reason=stage")]
    [InlineData("/other", null)]
    public async Task Headers_OfTheGatewaysOwnName_AreNotLegacysWhereTheGatewayWritesThem(
        string target,
        string? expected
    )
    {
        const string Spoofed =
            "HTTP/1.1 200 OK\r\nStrangler-Answer: lookup\r\nstrangler-watermark-age: 0.001\r\nContent-Length: 0\r\n"
            + "\r\n";
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Spoofed),
            ("Gateway:AnswerHeader", "true")
        );
        using var connection = await setup.ConnectAsync();

        var (head, _) = await connection.AskAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");

        Assert.Equal((expected, null), (head.Value("Strangler-Answer"), head.Value("Strangler-Watermark-Age")));
    }

    private static string Lines(IEnumerable<(string Name, string Value)> fields) =>
        string.Concat(fields.Select(field => $"{field.Name}: {field.Value}\r\n"));

    private static IEnumerable<(string Name, string Value)> Of(RawMessage message, string[] names) =>
        message.Fields.Where(field => names.Contains(field.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// Lines of one name are one list (RFC 9110, 5.3); a cookie's parts are separated by semicolons (RFC 6265, 4.2.1),
    /// products by spaces (RFC 9110, 10.1.5).
    /// </summary>
    private static List<string> Combined(IEnumerable<(string Name, string Value)> fields) =>
        [
            .. fields
                .GroupBy(field => field.Name.ToUpperInvariant(), field => field.Value.Trim(' ', '\t'))
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key}: {string.Join(Separator(group.Key), group).Trim(' ', '\t')}"),
        ];

    private static string Separator(string name) =>
        name switch
        {
            "COOKIE" => "; ",
            "USER-AGENT" or "SERVER" => " ",
            _ => ", ",
        };
}
