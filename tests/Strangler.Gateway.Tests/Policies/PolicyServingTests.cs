using System.Net;
using System.Security.Claims;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Hosting;
using Xunit;

namespace Strangler.Gateway.Tests.Policies;

/// <summary>Policies of the configuration, as callers see them.</summary>
public sealed class PolicyServingTests
{
    private const string AppKey = "key-of-the-app-0123456789";
    private const string Issuer = "https://login.example";
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/open", null, 200)]
    [InlineData("/known", null, 401)]
    [InlineData("/known", "key", 200)]
    [InlineData("/known", "token", 200)]
    [InlineData("/known", "other key", 401)]
    [InlineData("/known", "token for another service", 401)]
    [InlineData("/known", "token of another server", 401)]
    [InlineData("/known", "expired token", 401)]
    [InlineData("/staff", null, 401)]
    [InlineData("/staff", "token", 403)]
    [InlineData("/staff", "token of staff", 200)]
    [InlineData("/staff", "key", 401)]
    [InlineData("/partners", "key", 200)]
    [InlineData("/partners", "token of staff", 401)]
    public async Task Authorization_OfARoute_IsChecked(string path, string? credential, int status)
    {
        await using var upstream = await Upstream.EchoAsync();
        await using var gateway = await StartAsync(upstream);
        using var client = GatewaySetup.Connect(gateway.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (credential is { } given)
            Add(request, given);

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, upstream.Asked.Count);
        if (status == 401)
            Assert.NotEmpty(answer.Headers.WwwAuthenticate);
    }

    /// <summary>The guard of paths stands before each route of the running gateway, once one has a policy.</summary>
    [Theory]
    [InlineData("/x%2F..%2Fstaff", 400)]
    [InlineData("/open/..%5Cstaff", 400)]
    [InlineData("/x%2Fstaff", 200)]
    public async Task Authorization_PathThatMightLeadAround_IsRefused(string target, int status)
    {
        await using var upstream = await Upstream.EchoAsync();
        await using var gateway = await StartAsync(upstream);

        Assert.Equal(status, await StatusAsync(gateway, target));
        Assert.Equal(status == 200 ? 1 : 0, upstream.Asked.Count);
    }

    [Fact]
    public async Task Authorization_RouteThatGetsItsPolicyWhileItRuns_IsGuardedFromThenOn()
    {
        await using var upstream = await Upstream.EchoAsync();
        var changes = Channel.CreateUnbounded<ChangedConfiguration>();
        (string, string?)[] without =
        [
            .. new[] { "known", "staff", "partners" }.Select(route =>
                ($"ReverseProxy:Routes:{route}:AuthorizationPolicy", (string?)null)
            ),
        ];
        await using var gateway = await StartAsync(upstream, changes.Reader.ReadAllAsync(Cancellation));

        // several times, since routing and the guard hear of a change in turns
        for (var change = 0; change < 4; change++)
        {
            await ChangeAsync(200, without);
            Assert.Equal(200, await StatusAsync(gateway, "/x%2F..%2Fstaff"));

            await ChangeAsync(401);
            Assert.Equal(400, await StatusAsync(gateway, "/x%2F..%2Fstaff"));
        }

        async Task ChangeAsync(int status, params (string, string?)[] settings)
        {
            var changed = new ChangedConfiguration(Configured(upstream, settings), []);
            await changes.Writer.WriteAsync(changed, Cancellation);
            await GatewaySetup.UntilAsync(
                async () => await StatusAsync(gateway, "/staff") == status,
                $"a changed route says {status}"
            );
        }
    }

    private static async Task<int> StatusAsync(RunningGateway gateway, string target)
    {
        using var connection = await RawConnection.OpenAsync(gateway.Address, Cancellation);
        var (head, _) = await connection.AskAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        return head.Status;
    }

    [Theory]
    [InlineData("https://shop.example", "https://shop.example")]
    [InlineData("https://other.example", null)]
    public async Task Cors_OfARoute_AnswersTheBrowsersQuestion(string origin, string? allowed)
    {
        await using var upstream = await Upstream.EchoAsync();
        await using var gateway = await StartAsync(upstream);
        using var client = GatewaySetup.Connect(gateway.Address);
        using var request = new HttpRequestMessage(HttpMethod.Options, "/pages");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(
            allowed,
            answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null
        );
        Assert.Empty(upstream.Asked);
    }

    [Fact]
    public async Task RateLimiter_OfARoute_RefusesWhatIsAboveIt()
    {
        await using var upstream = await Upstream.EchoAsync();
        await using var gateway = await StartAsync(upstream);
        using var client = GatewaySetup.Connect(gateway.Address);
        var statuses = new List<int>();
        for (var request = 0; request < 4; request++)
        {
            using var answer = await client.GetAsync("/calm", Cancellation);
            statuses.Add((int)answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        }

        Assert.Equal([200, 200, 200, 429], statuses);
        Assert.Equal(3, upstream.Asked.Count);
        Assert.Equal("legacy /open", await client.GetStringAsync("/open", Cancellation));
    }

    /// <summary>
    /// A second request is answered from memory only if nothing says that legacy could answer it differently.
    /// </summary>
    [Theory]
    [InlineData("/kept?a=1", "", "/kept?a=1", "", true)]
    [InlineData("/kept?a=1", "", "/kept?a=2", "", false)]
    [InlineData("/kept/a", "", "/kept/A", "", false)]
    [InlineData("/kept", "Accept-Language: de", "/kept", "Accept-Language: de", true)]
    [InlineData("/kept", "Accept-Language: de", "/kept", "Accept-Language: fr", false)]
    [InlineData("/kept", "Accept-Encoding: gzip", "/kept", "", false)]
    [InlineData("/kept", "Cookie: a=b", "/kept", "Cookie: a=b", false)]
    [InlineData("/kept", "", "/kept", "Cookie: a=b", false)]
    [InlineData("/kept", "Authorization: Basic YTpi", "/kept", "Authorization: Basic YTpi", false)]
    [InlineData("/kept", "X-Api-Key: " + AppKey, "/kept", "", false)]
    [InlineData("/kept?answer=private", "", "/kept?answer=private", "", false)]
    [InlineData("/kept?answer=no-store", "", "/kept?answer=no-store", "", false)]
    [InlineData("/kept?answer=cookie", "", "/kept?answer=cookie", "", false)]
    [InlineData("/kept?answer=error", "", "/kept?answer=error", "", false)]
    [InlineData("/kept?answer=vary", "", "/kept?answer=vary", "", false)]
    [InlineData("/kept?answer=vary-language", "", "/kept?answer=vary-language", "", true)]
    [InlineData("/open", "", "/open", "", false)]
    public async Task OutputCache_OfARoute_KeepsWhatAnotherWouldGetToo(
        string first,
        string firstHeader,
        string second,
        string secondHeader,
        bool isKept
    )
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            var response = context.Response;
            var wanted = context.Request.Query["answer"].ToString();
            switch (wanted)
            {
                case "private" or "no-store":
                    response.Headers.CacheControl = wanted;
                    break;
                case "cookie":
                    response.Headers.SetCookie = "a=b";
                    break;
                case "error":
                    response.StatusCode = StatusCodes.Status500InternalServerError;
                    break;
                case "vary":
                    response.Headers.Vary = "Accept-Language, X-Tenant";
                    break;
                case "vary-language":
                    response.Headers.Vary = "accept-language";
                    break;
            }
            return response.WriteAsync("answer");
        });
        await using var gateway = await StartAsync(upstream);
        using var client = GatewaySetup.Connect(gateway.Address);

        foreach (var (target, header) in new[] { (first, firstHeader), (second, secondHeader) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            if (header.Split(": ") is [var name, var value])
                request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal("answer", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal(isKept ? 1 : 2, upstream.Asked.Count);
    }

    private static void Add(HttpRequestMessage request, string credential)
    {
        if (credential.EndsWith("key", StringComparison.Ordinal))
            request.Headers.Add("X-Api-Key", credential == "key" ? AppKey : AppKey + "x");
        else
            request.Headers.Authorization = new("Bearer", Token(credential));
    }

    private static string Token(string kind)
    {
        byte[] key = kind == "token of another server" ? [.. Secret.Skip(1), 0] : Secret;
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = kind == "token for another service" ? "elsewhere" : "shop",
                NotBefore = now.AddHours(-2),
                Expires = kind == "expired token" ? now.AddHours(-1) : now.AddHours(1),
                Subject = new ClaimsIdentity([
                    new Claim("sub", "ada"),
                    new Claim("roles", kind == "token of staff" ? "clerk" : "guest"),
                ]),
                SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(key),
                    SecurityAlgorithms.HmacSha256
                ),
            }
        );
    }

    private static Task<RunningGateway> StartAsync(
        Upstream upstream,
        IAsyncEnumerable<ChangedConfiguration>? changes = null
    ) =>
        GatewayHost.StartAsync(
            Configured(upstream),
            [],
            null,
            null,
            null,
            null,
            TimeProvider.System,
            Cancellation,
            changes: changes
        );

    private static IConfigurationRoot Configured(Upstream upstream, params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Urls"] = "http://127.0.0.1:0",
                    ["Gateway:Admin"] = "http://127.0.0.1:0",
                    ["Authentication:Schemes:Bearer:ValidIssuers:0"] = Issuer,
                    ["Authentication:Schemes:Bearer:ValidAudiences:0"] = "shop",
                    ["Authentication:Schemes:Bearer:SigningKeys:0:Issuer"] = Issuer,
                    ["Authentication:Schemes:Bearer:SigningKeys:0:Value"] = Convert.ToBase64String(Secret),
                    ["Authentication:Schemes:ApiKey:Keys:app:Value"] = AppKey,
                    ["Authorization:Policies:staff:Schemes:0"] = "Bearer",
                    ["Authorization:Policies:staff:Roles:0"] = "clerk",
                    ["Authorization:Policies:partners:Schemes:0"] = "ApiKey",
                    ["Cors:Policies:pages:Origins:0"] = "https://shop.example",
                    ["Cors:Policies:pages:Methods:0"] = "GET",
                    ["RateLimiter:Policies:calm:Kind"] = "FixedWindow",
                    ["RateLimiter:Policies:calm:PermitLimit"] = "3",
                    ["RateLimiter:Policies:calm:Window"] = "01:00:00",
                    ["OutputCache:Policies:brief:Expiration"] = "01:00:00",
                    ["OutputCache:Policies:brief:VaryByHeader:0"] = "Accept-Language",
                    ["ReverseProxy:Routes:known:Match:Path"] = "/known",
                    ["ReverseProxy:Routes:known:AuthorizationPolicy"] = "Default",
                    ["ReverseProxy:Routes:staff:Match:Path"] = "/staff",
                    ["ReverseProxy:Routes:staff:AuthorizationPolicy"] = "staff",
                    ["ReverseProxy:Routes:partners:Match:Path"] = "/partners",
                    ["ReverseProxy:Routes:partners:AuthorizationPolicy"] = "partners",
                    ["ReverseProxy:Routes:pages:Match:Path"] = "/pages",
                    ["ReverseProxy:Routes:pages:CorsPolicy"] = "pages",
                    ["ReverseProxy:Routes:calm:Match:Path"] = "/calm",
                    ["ReverseProxy:Routes:calm:RateLimiterPolicy"] = "calm",
                    ["ReverseProxy:Routes:kept:Match:Path"] = "/kept/{**rest}",
                    ["ReverseProxy:Routes:kept:OutputCachePolicy"] = "brief",
                    ["ReverseProxy:Routes:rest:Match:Path"] = "{**rest}",
                    ["ReverseProxy:Clusters:legacy:Destinations:d1:Address"] = upstream.Address,
                }
            )
            .AddInMemoryCollection(
                new[] { "known", "staff", "partners", "pages", "calm", "kept", "rest" }.Select(
                    route => new KeyValuePair<string, string?>($"ReverseProxy:Routes:{route}:ClusterId", "legacy")
                )
            )
            .AddInMemoryCollection(settings.Select(one => new KeyValuePair<string, string?>(one.Key, one.Value)))
            .Build();
}
