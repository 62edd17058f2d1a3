using System.Net;
using System.Text.RegularExpressions;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests.Proxy;

/// <summary>
/// Configurations of YARP's own host and of ASP.NET Core start as they are, without a store, a source or projections.
/// </summary>
public sealed class PlainProxyTests
{
    private const string Loopback = "http://127.0.0.1:0";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A request is its method and target, and after that headers in lines of their own; of the answer, the status and
    /// a pattern of its body.
    /// </summary>
    private static readonly Dictionary<string, (string Request, int Status, string Body)[]> Exchanges = new()
    {
        ["plain.json"] =
        [
            ("GET /any?x=1", 200, @"^a HTTP/1\.1 GET /any\?x=1\n"),
            ("GET /pair/x", 200, @"^(a|b) HTTP/1\.1 GET /pair/x\n"),
            ("GET /nowhere", 503, "^$"),
            ("GET /unknown", 503, "^$"),
            ("GET /empty", 503, "^$"),
        ],
        ["properties.json"] =
        [
            ("GET /files/f?kind=newest\nHost: shop.example\nX-Tenant: blue", 200, "^b "),
            ("GET /files/f?kind=new\nHost: shop.example\nX-Tenant: green", 200, "X-Through: proxy"),
            ("GET /files/f?kind=new\nHost: shop.example\nX-Tenant: GREEN", 200, "^a "),
            ("POST /files/f?kind=new\nHost: shop.example\nX-Tenant: blue", 200, "^a "),
            ("GET /files/f?kind=old\nHost: shop.example\nX-Tenant: blue", 200, "^a "),
            ("GET /files/f?kind=new\nHost: localhost\nX-Tenant: blue", 200, "^a "),
            ("GET /files/f\nHost: elsewhere.example", 400, "Invalid Hostname"),
        ],
        ["transforms.json"] =
        [
            ("GET /old/shelf?drop=1&keep=2", 200, @"^a HTTP/1\.1 GET /v2/shelf\?keep=2&added=3\n"),
            ("GET /old/a\nHost: shop.example", 200, "\nHost: shop.example\n"),
            ("GET /old/a", 200, "\nX-Set: one, two\n"),
            ("GET /old/a\nX-Twice: client", 200, @"\nX-Twice: client(\||, )proxy\n"),
            ("GET /old/a\nCookie: c=1", 200, "^(?![^$]*Cookie)"),
            ("GET /old/a\nX-Forwarded-For: 10.0.0.1", 200, @"\nX-Forwarded-For: 127\.0\.0\.1\n"),
            ("GET /items/7/stock", 200, @"^a HTTP/1\.1 POST /stock/7\n"),
            ("GET /bare?q=1\nX-Kept: k\nX-Other: o", 200, @"^a HTTP/1\.1 GET /plain\?q=1\n[^$]*X-Kept: k"),
            ("GET /bare\nX-Other: o", 200, "^(?![^$]*(X-Other|X-Forwarded))"),
            ("GET /else", 404, "^$"),
        ],
        ["balancing.json"] = [("GET /first/x", 200, "^b ")],
        ["matching.json"] =
        [
            ("GET /match/x", 200, "^a "),
            ("GET /match/x\nX-Tenant: green", 200, "^b "),
            ("GET /match/x\nX-Tenant: blue", 200, "^a "),
            ("GET /match/x?debug=1", 200, "^b "),
            ("GET /match/x\nHost: shop.inner.example", 200, "^b "),
            ("DELETE /match/x", 200, "^b "),
            ("GET /other", 404, "^$"),
        ],
        ["timeouts.json"] =
        [
            ("GET /quick", 200, "^a "),
            ("GET /slow/hurried", 400, "^$"), // YARP takes the end of a route's Timeout for the client's
            ("GET /slow/idle", 504, "^$"),
        ],
    };

    public static TheoryData<string> Files => [.. Exchanges.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Gateway_ConfigurationOfYarp_AnswersAsYarpDoes(string file)
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync(file, null, "--urls", Loopback);
        using var client = proxy.Connect();

        var other = new List<string>();
        foreach (var (request, status, body) in Exchanges[file])
        {
            using var answer = await client.SendAsync(Request(request), Cancellation);
            var found = await answer.Content.ReadAsStringAsync(Cancellation);
            if ((int)answer.StatusCode != status || !Regex.IsMatch(found, body))
                other.Add($"{request}: {(int)answer.StatusCode} {found}");
        }

        Assert.Empty(other);
    }

    [Fact]
    public async Task Gateway_ResponseTransforms_ChangeHeaders()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync("transforms.json", null, "--urls", Loopback);
        using var client = proxy.Connect();

        using var answer = await client.SendAsync(Request("GET /old/a"), Cancellation);
        await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(["proxied"], answer.Headers.GetValues("X-Answer"));
        Assert.False(answer.Headers.Contains("X-Inner"));
    }

    [Fact]
    public async Task Gateway_SessionAffinity_StaysWithTheFirstDestination()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync("affinity.json", null, "--urls", Loopback);
        using var client = proxy.Connect();
        using var first = await client.GetAsync("/", Cancellation);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Assert.StartsWith("at=", cookie, StringComparison.Ordinal);

        var names = new List<string> { await NameAsync(first) };
        for (var request = 0; request < 6; request++)
        {
            using var again = await client.SendAsync(Request($"GET /\nCookie: {cookie}"), Cancellation);
            names.Add(await NameAsync(again));
        }

        Assert.Single(names.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gateway_RoundRobin_TakesTurns()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync("balancing.json", null, "--urls", Loopback);
        using var client = proxy.Connect();

        var names = await NamesAsync(client, "/turns/x", 6);

        Assert.Equal(3, names.Count(name => name == "a"));
        Assert.Equal(3, names.Count(name => name == "b"));
    }

    [Fact]
    public async Task Gateway_ActiveHealthCheck_LeavesOutWhatIsUnhealthy()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        folder.A.IsHealthy = false;
        await using var proxy = await folder.StartAsync("health.json", null, "--urls", Loopback);
        using var client = proxy.Connect();
        await proxy.UntilAsync(
            () => proxy.Words.Contains("is set to 'Unhealthy'", StringComparison.Ordinal),
            "it has seen which one is unhealthy"
        );

        Assert.Equal(["b"], (await NamesAsync(client, "/", 6)).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gateway_PassiveHealthCheck_LeavesOutWhatFailed()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync("passive.json", null, "--urls", Loopback);
        using var client = proxy.Connect();
        Assert.Equal(["", "a"], (await NamesAsync(client, "/", 20)).Distinct(StringComparer.Ordinal).Order());
        await proxy.UntilAsync(
            () => proxy.Words.Contains("`second` marked as 'Unhealthy`", StringComparison.Ordinal),
            "it has seen which one fails"
        );

        Assert.Equal(["a"], (await NamesAsync(client, "/", 6)).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/two/x", "h2 HTTP/2 GET /two/x")]
    [InlineData("/one/x", "a HTTP/1.1 GET /one/x")]
    public async Task Gateway_Http2InCleartext_IsSpokenOnBothSides(string target, string seen)
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync("http2.json");
        using var client = proxy.Connect();

        using var answer = await client.SendAsync(
            new(HttpMethod.Get, target)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
            Cancellation
        );

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.StartsWith(seen, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>Kestrel's own section says where it serves; a certificate is found next to the file.</summary>
    [Fact]
    public async Task Gateway_KestrelEndpoints_AreServedInsteadOfUrls()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await folder.WriteCertificateAsync();
        await using var proxy = await folder.StartAsync("endpoints.json");

        Assert.Equal(["http", "https"], proxy.Addresses.Select(address => address.Split(':')[0]));
        foreach (var address in (int[])[0, 1])
        {
            using var client = proxy.Connect(address);
            Assert.StartsWith("a ", await client.GetStringAsync("/x", Cancellation), StringComparison.Ordinal);
            using var large = await client.PostAsync("/x", new StringContent(new string('x', 11)), Cancellation);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        }
    }

    [Theory]
    [InlineData("a", "/first/x")]
    [InlineData("b", "/first/x", "ASPNETCORE_ENVIRONMENT=Staging")]
    [InlineData("b", "/first/x", "DOTNET_ENVIRONMENT=Staging")]
    [InlineData("a", "/second/x", "--config", "second.json")]
    [InlineData("b", "/second/x", "--config", "second.json", "ASPNETCORE_ENVIRONMENT=Staging")]
    [InlineData("a", "/third/x", "ReverseProxy__Routes__all__Transforms__0__PathPrefix=/third")]
    [InlineData("a", "/third/x", "STRANGLER__ReverseProxy__Routes__all__Transforms__0__PathPrefix=/third")]
    [InlineData(
        "a",
        "/fourth/x",
        "ReverseProxy__Routes__all__Transforms__0__PathPrefix=/third",
        "STRANGLER__ReverseProxy__Routes__all__Transforms__0__PathPrefix=/fourth",
        "--config",
        "second.json"
    )]
    public async Task Gateway_FilesAndVariables_OverrideEachOtherAsInAspNetCore(
        string destination,
        string target,
        params string[] given
    )
    {
        await using var folder = await ProxyFolder.CreateAsync();
        var variables = given
            .Where(one => one.Contains('=', StringComparison.Ordinal))
            .ToDictionary(one => one.Split('=')[0], one => (string?)one.Split('=')[1]);
        var arguments = given
            .Where(one => !one.Contains('=', StringComparison.Ordinal))
            .Select(one => one.EndsWith(".json", StringComparison.Ordinal) ? Path.Combine(folder.Path, one) : one);
        await using var proxy = await folder.StartAsync("layer.json", variables, ["--urls", Loopback, .. arguments]);
        using var client = proxy.Connect();

        var answer = await client.GetStringAsync("/x", Cancellation);

        Assert.StartsWith($"{destination} HTTP/1.1 GET {target}\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Warning", false)]
    [InlineData("Information", true)]
    public async Task Gateway_LogLevelOfYarp_IsTheConfigurations(string level, bool isLogged)
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var proxy = await folder.StartAsync(
            "layer.json",
            new Dictionary<string, string?> { ["Logging__LogLevel__Yarp"] = level },
            "--urls",
            Loopback
        );
        using var client = proxy.Connect();

        using (await client.GetAsync("/x", Cancellation)) { }
        await proxy.EndAsync();

        Assert.Equal(isLogged, proxy.Words.Contains("Proxying to ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("DOTNET_URLS")]
    [InlineData("URLS")]
    [InlineData("Gateway__Urls")]
    [InlineData("STRANGLER__Gateway__Urls")]
    public async Task Gateway_AddressInTheEnvironment_IsServed(string variable)
    {
        await using var folder = await ProxyFolder.CreateAsync();
        var port = FreePort.Take();
        var address = $"http://127.0.0.1:{port}";
        await using var proxy = await folder.StartAsync(
            "layer.json",
            new Dictionary<string, string?> { [variable] = address }
        );

        Assert.Equal([address], proxy.Addresses);
    }

    /// <summary>It asks for nothing that only documents need, and says each thing once.</summary>
    [Fact]
    public async Task Check_ConfigurationOfYarp_SaysWhatItEnablesAndWhatLeadsNowhere()
    {
        await using var folder = await ProxyFolder.CreateAsync();

        var (code, output, errors) = await StranglerProgram.RunAsync(folder.Path, "check", "--config", "plain.json");

        Assert.Equal((ExitCode.Success, ""), (code, errors));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(
            [
                "warning: ReverseProxy:Routes:nowhere:ClusterId: The route names no cluster.",
                "warning: ReverseProxy:Routes:unknown:ClusterId: The cluster 'missing' does not exist.",
                "warning: ReverseProxy:Clusters:empty:Destinations: The cluster has no destination.",
            ],
            lines.SkipLast(2).Select(line => line[..(line.IndexOf(". ", StringComparison.Ordinal) + 1)])
        );
        Assert.Equal(
            "Enabled: the gateway with 5 routes, a plain proxy; the admin API at 'http://127.0.0.1:8081'.",
            lines[^2]
        );
        Assert.Contains("plain.json: no faults.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_ConfigurationOfYarp_RunsTheGatewayAlone()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        await using var up = await RunningProxy.StartAsync(
            folder.Path,
            new Dictionary<string, string?>
            {
                ["Gateway__Admin"] = "http://127.0.0.1:0",
                ["Gateway__Urls"] = "overridden",
            },
            "up",
            "--config",
            "layer.json",
            "--config",
            "second.json",
            "--urls",
            Loopback
        );
        using var client = up.Connect();

        var answer = await client.GetStringAsync("/x", Cancellation);

        Assert.StartsWith("a HTTP/1.1 GET /second/x\n", answer, StringComparison.Ordinal);
        var part = Assert.Single(
            up.Words.Split('\n'),
            line =>
                line.Contains("The part '", StringComparison.Ordinal)
                && line.Contains("runs as process", StringComparison.Ordinal)
        );
        Assert.Contains("'gateway'", part, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Request(string text)
    {
        var lines = text.Split('\n');
        var first = lines[0].Split(' ', 2);
        var request = new HttpRequestMessage(HttpMethod.Parse(first[0]), first[1]);
        foreach (var line in lines.Skip(1).Select(line => line.Split(": ", 2)))
            request.Headers.TryAddWithoutValidation(line[0], line[1]);
        return request;
    }

    private static async Task<List<string>> NamesAsync(HttpClient client, string target, int count)
    {
        var names = new List<string>();
        for (var request = 0; request < count; request++)
        {
            using var answer = await client.GetAsync(target, Cancellation);
            names.Add(await NameAsync(answer));
        }
        return names;
    }

    private static async Task<string> NameAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadAsStringAsync(Cancellation)).Split(' ')[0];
}
