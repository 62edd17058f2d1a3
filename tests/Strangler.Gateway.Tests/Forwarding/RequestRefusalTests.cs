using System.Diagnostics.Metrics;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// If the gateway itself refuses a request, it tells the client why and counts it; nothing claims that legacy answered.
/// </summary>
public sealed class RequestRefusalTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("/refusal-plain/{**rest}", null, "/refusal-plain/..%2F..%2Fsecret")]
    [InlineData("/refusal/{sku}", "legacy", "/refusal/..%2F..%2Fsecret")]
    [InlineData("/refusal/{sku}", "lookup", "/refusal/..%2F..%2Fsecret")]
    public async Task Refusal_OfAPathThatMightClimbOut_SaysWhyAndIsCounted(string path, string? stage, string target)
    {
        var route = $"refusing-{stage}";
        using var counted = new Counted(route);
        var upstream = RawUpstream.Answering(Ok);
        await using var setup = await RawSetup.StartAsync(
            postgres,
            upstream,
            ("Gateway:AnswerHeader", "true"),
            ($"ReverseProxy:Routes:{route}:ClusterId", "below"),
            ($"ReverseProxy:Routes:{route}:Match:Path", path),
            ($"ReverseProxy:Routes:{route}:Match:Methods:0", "GET"),
            ($"ReverseProxy:Routes:{route}:Match:Methods:1", "HEAD"),
            ($"ReverseProxy:Routes:{route}:Strangler:Stage", stage),
            ($"ReverseProxy:Routes:{route}:Strangler:Projection", stage is null ? null : "ItemAvailability"),
            ($"ReverseProxy:Routes:{route}:Strangler:Key", stage is null ? null : "{sku}"),
            ("ReverseProxy:Clusters:below:Destinations:d1:Address", $"{upstream.Address}/base/")
        );
        using var connection = await setup.ConnectAsync();

        var (head, body) = await connection.AskAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        var (of, none) = await connection.AskAsync($"HEAD {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");

        Assert.Equal((400, "text/plain; charset=utf-8", null), Facts(head));
        Assert.Equal((400, "text/plain; charset=utf-8", null), Facts(of));
        Assert.StartsWith("The gateway refused this request: ", body, StringComparison.Ordinal);
        Assert.Contains("dot segments", body, StringComparison.Ordinal);
        Assert.Equal("", none);
        Assert.Empty(setup.Upstream.Asked);
        string[] expected = stage is null
            ? ["refused climbing-path"]
            : ["refused climbing-path", $"requests {stage} gateway climbing-path"];
        Assert.Equal([.. expected, .. expected], counted.Seen);
    }

    [Fact]
    public async Task Refusal_OfAPathThatMightLeadAroundAPolicy_SaysWhyAndIsCounted()
    {
        const string Route = "refusing-policy";
        using var counted = new Counted(Route);
        await using var host = await PolicyHost.StartAsync(
            PolicyHost.Model,
            new()
            {
                RouteId = Route,
                ClusterId = "legacy",
                Match = new() { Path = "/{**rest}" },
            },
            new()
            {
                RouteId = "locked",
                ClusterId = "legacy",
                Match = new() { Path = "/locked" },
                AuthorizationPolicy = "locked",
            }
        );
        using var connection = await host.ConnectAsync();

        var (head, body) = await connection.AskAsync("GET /a/..%2Flocked HTTP/1.1\r\nHost: shop.example\r\n\r\n");

        Assert.Equal((400, "text/plain; charset=utf-8", null), Facts(head));
        Assert.Contains("more than one way", body, StringComparison.Ordinal);
        Assert.Equal(["refused ambiguous-path"], counted.Seen);
    }

    private static (int Status, string? Type, string? Answer) Facts(RawMessage head) =>
        (head.Status, head.Value("Content-Type"), head.Value("Strangler-Answer"));

    /// <summary>What the gateway's meter counts for a route.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<string> _seen = [];

        public Counted(string route)
        {
            _listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "Strangler.Gateway")
                    listening.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>(
                (instrument, _, tags, _) =>
                {
                    var known = tags.ToArray();
                    if (!known.Contains(new("route", route)))
                        return;
                    var name = instrument.Name["strangler.gateway.".Length..];
                    lock (_seen)
                        _seen.Add(string.Join(' ', [name, .. known[1..].Select(tag => tag.Value)]));
                }
            );
            _listener.Start();
        }

        public IReadOnlyList<string> Seen
        {
            get
            {
                lock (_seen)
                    return [.. _seen];
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
