using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Hosting;
using Xunit;

namespace Strangler.Gateway.Tests.Reloading;

/// <summary>A gateway without a store whose configuration changes while it serves.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private readonly Channel<ChangedConfiguration> _changes = Channel.CreateUnbounded<ChangedConfiguration>();
    private readonly KeptLog _log = new();
    private Upstream _first = null!;
    private Upstream _second = null!;
    private RunningGateway _gateway = null!;
    private HttpClient _client = null!;
    private HttpClient _adminHttp = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await Upstream.StartAsync(context => context.Response.WriteAsync("first"));
        _second = await Upstream.StartAsync(context => context.Response.WriteAsync("second"));
        _gateway = await GatewayHost.StartAsync(
            Configured(_first),
            [],
            null,
            null,
            null,
            _log,
            TimeProvider.System,
            Cancellation,
            changes: _changes.Reader.ReadAllAsync(Cancellation)
        );
        _client = GatewaySetup.Connect(_gateway.Address);
        _adminHttp = GatewaySetup.ConnectAdmin(_gateway.AdminAddress);
    }

    public async ValueTask DisposeAsync()
    {
        _adminHttp.Dispose();
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Change_Destination_IsTakenAndSaid()
    {
        Assert.Equal("first", await _client.GetStringAsync("/items/7", Cancellation));

        await ChangeAsync(Configured(_second));

        Assert.Equal("second", await _client.GetStringAsync("/items/7", Cancellation));
        const string Said = "is in effect. Routes: 2; with a section 'Strangler': 1.";
        Assert.Contains(_log.Lines, line => line.Contains(Said, StringComparison.Ordinal));
        Assert.Empty((await HealthAsync()).GatewayFaults);
    }

    [Fact]
    public async Task Change_UnderLoad_NoRequestFails()
    {
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => AskAsync(stop.Token)).ToList();

        for (var change = 0; change < 30; change++)
            await ChangeAsync(Configured(change % 2 == 0 ? _second : _first, ("Limit", $"{change}")));
        await stop.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(found => found).ToList();

        Assert.Equal([HttpStatusCode.OK], answers.Select(answer => answer.Status).Distinct());
        Assert.Equal(["first", "second"], answers.Select(answer => answer.Body).Distinct().Order());
    }

    [Fact]
    public async Task Change_RequestInProgress_Ends()
    {
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var slow = await Upstream.StartAsync(async context =>
        {
            asked.SetResult();
            await go.Task;
            await context.Response.WriteAsync("slow");
        });
        await ChangeAsync(Configured(slow));
        var answer = _client.GetStringAsync("/items/7", Cancellation);
        await asked.Task.WaitAsync(GatewaySetup.Deadline, TimeProvider.System, Cancellation);

        await ChangeAsync(Configured(_second));
        go.SetResult();

        Assert.Equal("slow", await answer);
        Assert.Equal("second", await _client.GetStringAsync("/items/7", Cancellation));
    }

    [Fact]
    public async Task Change_SectionOfARoute_IsTakenAndFiguresStay()
    {
        await _client.GetStringAsync("/items/a%2Fb", Cancellation);
        Assert.Equal("/items/a%2Fb", _first.RawTargets.Last());
        var before = _gateway.Routes.Find("item")!;

        await ChangeAsync(Configured(_first, (Item + "MaxKeys", "7"), (Item + "RawTarget", "false")));

        var after = _gateway.Routes.Find("item")!;
        Assert.NotSame(before, after);
        Assert.False(after.Model.RawTarget);
        Assert.Same(before.Stats, after.Stats);
        await _client.GetStringAsync("/items/7", Cancellation);
        Assert.Equal(2, after.Stats.Legacy.Count);
        // the transforms are of the changed section, too
        await _client.GetStringAsync("/items/a%2Fb", Cancellation);
        Assert.Equal("/items/a%252Fb", _first.RawTargets.Last());
    }

    [Fact]
    public async Task Change_NothingOfARoute_LeavesItTheSame()
    {
        var before = _gateway.Routes.Find("item");

        await ChangeAsync(Configured(_second, ("ReverseProxy:Routes:rest:Order", "9")));

        Assert.Same(before, _gateway.Routes.Find("item"));
        Assert.Equal("second", await _client.GetStringAsync("/items/7", Cancellation));
    }

    [Fact]
    public async Task Change_RoutesAddedAndRemoved_AreTaken()
    {
        await ChangeAsync(
            Configured(
                _first,
                (Item[..^1], null),
                ("ReverseProxy:Routes:new:ClusterId", "legacy"),
                ("ReverseProxy:Routes:new:Match:Path", "/new"),
                ("ReverseProxy:Routes:new:Strangler:Stage", "legacy")
            )
        );
        await _client.GetStringAsync("/new", Cancellation);

        Assert.Equal(1, _gateway.Routes.Find("new")!.Stats.Legacy.Count);
    }

    /// <summary>Everything that the gateway, YARP or neither can read: the last good one stays, and is said.</summary>
    [Theory]
    [InlineData("ReverseProxy:Routes:item:ClusterId", "nowhere", "nowhere")]
    [InlineData("ReverseProxy:Routes:item:Match:Path", "/items/{", "not in effect")]
    [InlineData(Item + "MaxKeys", "many", "MaxKeys")]
    [InlineData(Item + "Typo", "1", "Typo")]
    [InlineData(Item + "Projection", "Item", "Start the gateway again")]
    [InlineData("ReverseProxy:Clusters:legacy:LoadBalancingPolicy", "Typo", "Typo")]
    // policies that the file defines and the running gateway doesn't have
    [InlineData("ReverseProxy:Routes:item:AuthorizationPolicy", "app", "started without this policy")]
    [InlineData("ReverseProxy:Routes:item:AuthorizationPolicy", "default", "started without this policy")]
    public async Task Change_Faulty_TheLastGoodOneStays(string key, string value, string said)
    {
        var faulty = Configured(
            _second,
            (key, value),
            ("Authentication:Schemes:ApiKey:Keys:app:Value", "0123456789abcdef0123"),
            ("Authorization:Policies:app:Schemes:0", "ApiKey")
        );
        await ChangeAsync(faulty);

        Assert.Equal("first", await _client.GetStringAsync("/items/7", Cancellation));
        var fault = (await HealthAsync()).GatewayFaults[0];
        Assert.Contains("the last good one stays", fault, StringComparison.Ordinal);
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error Strangler", StringComparison.Ordinal));

        await ChangeAsync(Configured(_second));

        Assert.Equal("second", await _client.GetStringAsync("/items/7", Cancellation));
        Assert.Empty((await HealthAsync()).GatewayFaults);
    }

    /// <summary>YARP takes a plain route without its cluster, and answers it with 503.</summary>
    [Fact]
    public async Task Change_PlainRouteThatLeadsNowhere_IsTakenAndSaid()
    {
        await ChangeAsync(Configured(_second, ("ReverseProxy:Routes:rest:ClusterId", "nowhere")));

        using var answer = await _client.GetAsync("/else", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(_log.Lines, line => line.Contains("'nowhere' does not exist", StringComparison.Ordinal));
    }

    /// <summary>ASP.NET Core answers 500 where a route mentions CORS and nothing in the pipeline does it.</summary>
    [Fact]
    public async Task Change_FirstRouteThatSaysSomethingOfCors_IsServed()
    {
        await ChangeAsync(
            Configured(
                _second,
                ("ReverseProxy:Routes:item:CorsPolicy", "disable"),
                ("ReverseProxy:Routes:rest:CorsPolicy", "disable")
            )
        );

        Assert.Equal("second", await _client.GetStringAsync("/items/7", Cancellation));
        Assert.Equal("second", await _client.GetStringAsync("/else", Cancellation));
    }

    [Fact]
    public async Task Change_Unreadable_TheLastGoodOneStays()
    {
        await ChangeAsync(
            new ChangedConfiguration(null, [new Fault("a.json", "Line 3 can't be read.", "Correct it.")])
        );

        Assert.Equal("first", await _client.GetStringAsync("/items/7", Cancellation));
        var fault = Assert.Single((await HealthAsync()).GatewayFaults);
        Assert.Contains("a.json: Line 3 can't be read.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_SectionThatNeedsAStart_IsNamed()
    {
        await ChangeAsync(
            Configured(_second, ("Gateway:AnswerHeader", "true"), ("Kestrel:Limits:MaxRequestBodySize", "1"))
        );

        Assert.Equal("second", await _client.GetStringAsync("/items/7", Cancellation));
        var sentence = Assert.Single((await HealthAsync()).GatewayFaults);
        Assert.Contains("'Gateway'", sentence, StringComparison.Ordinal);
        Assert.Contains("'Kestrel'", sentence, StringComparison.Ordinal);
        Assert.Contains("started again", sentence, StringComparison.Ordinal);
    }

    private const string Item = "ReverseProxy:Routes:item:Strangler:";

    private async Task<List<(HttpStatusCode Status, string Body)>> AskAsync(CancellationToken stop)
    {
        var answers = new List<(HttpStatusCode, string)>();
        while (!stop.IsCancellationRequested)
        {
            using var answer = await _client.GetAsync("/items/7", Cancellation);
            answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        }
        return answers;
    }

    private Task ChangeAsync(IConfiguration configuration) => ChangeAsync(new ChangedConfiguration(configuration, []));

    /// <summary>Changes the configuration, and waits until the gateway has applied or refused it.</summary>
    private async Task ChangeAsync(ChangedConfiguration change)
    {
        var before = Decided();
        await _changes.Writer.WriteAsync(change, Cancellation);
        await GatewaySetup.UntilAsync(() => Decided() > before, "the change is applied or refused");
    }

    private int Decided() =>
        _log.Lines.Count(line =>
            line.Contains("changed configuration is in effect", StringComparison.Ordinal)
            || line.Contains("changed configuration is not in effect", StringComparison.Ordinal)
        );

    private Task<HealthReport> HealthAsync() => new AdminClient(_adminHttp).HealthAsync(Cancellation);

    private static IConfigurationRoot Configured(Upstream upstream, params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Gateway:Admin"] = "http://127.0.0.1:0",
            ["Gateway:AdminTokenFile"] = GatewaySetup.TokenFile,
            ["ReverseProxy:Routes:item:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:item:Match:Path"] = "/items/{sku}",
            ["ReverseProxy:Routes:item:Strangler:Stage"] = "legacy",
            ["ReverseProxy:Routes:rest:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:rest:Match:Path"] = "/{**rest}",
            ["ReverseProxy:Clusters:legacy:Destinations:d1:Address"] = upstream.Address,
        };
        foreach (var (key, value) in settings)
            values[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}
