using System.Net;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Shop;
using Shop.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests.Services;

public sealed class CallGraphTests(PostgresFixture postgres)
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";
    private const string Path = "/api/items/000002/availability?area=DE-S";
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 21, 17, 40, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The website's two kinds of request: for one item, and for many.</summary>
    [Theory]
    [InlineData("GET", Path, null)]
    [InlineData("POST", "/api/availability", """{"skus":["000002"],"area":"DE-S"}""")]
    [InlineData(
        "POST",
        "/api/availability",
        """{"skus":["000001","000002","000003","000004","000005"],"area":"DE-S"}"""
    )]
    public async Task Availability_OfOneItemOrMany_AsksAllServicesSixDeepInOneTree(
        string method,
        string path,
        string? json
    )
    {
        await using var shop = await LegacyShop.StartAsync(postgres, new FakeTimeProvider(Start), 10);

        Assert.Equal(200, (await shop.SendAsync(new(method), path, json, $"00-{Trace}-{Span}-01")).Status);

        var requests = shop.Host.Requests.Find(Trace);
        var bySpan = requests.ToDictionary(request => request.SpanId);
        var root = Assert.Single(requests, request => request.ParentSpanId == Span);
        Assert.Equal("item-availability", root.Service);
        Assert.Equal((method, path), (root.Method, root.Path));
        Assert.Equal(
            Catalog.Services.Select(service => service.Name).Order(StringComparer.Ordinal),
            requests.Select(request => request.Service).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(requests, request => Assert.True(request == root || bySpan.ContainsKey(request.ParentSpanId!)));
        Assert.Equal(6, requests.Max(Depth));
        Assert.All(
            requests.Where(request => request.Service == "warehouse-inventory"),
            request => Assert.Equal("global-availability", bySpan[request.ParentSpanId!].Service)
        );

        int Depth(LoggedRequest request) => request == root ? 1 : 1 + Depth(bySpan[request.ParentSpanId!]);
    }

    [Fact]
    public async Task Requests_OfATrace_AreReadOnTheFront()
    {
        await using var shop = await LegacyShop.StartAsync(postgres, new FakeTimeProvider(Start), 10);
        await shop.SendAsync(
            HttpMethod.Get,
            "/api/items/999999/availability?area=CH",
            traceparent: $"00-{Trace}-{Span}-00"
        );

        var answer = await shop.GetAsync($"/requests?trace={Trace}");

        Assert.StartsWith(
            """{"total":3,"requests":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":""",
            answer.Body,
            StringComparison.Ordinal
        );
        Assert.Contains(
            ""","service":"item","method":"GET","path":"/items/999999","status":404}""",
            answer.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Services_EachInAHostOfItsOwn_AnswerAsTogether()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, 10);
        var addresses = new Dictionary<string, Uri>();
        var hosts = new List<ServiceHost>();
        try
        {
            // The peers are a file that is written as the services start; here it is the dictionary.
            foreach (var service in Catalog.Services)
            {
                hosts.Add(
                    await ServiceHost.StartOneAsync(
                        service,
                        shop.Database,
                        time,
                        new Switches(Catalog.Names),
                        IPAddress.Loopback,
                        0,
                        addresses,
                        Cancelled
                    )
                );
                addresses[service.Name] = hosts[^1].Addresses[service.Name];
            }
            using var http = new HttpClient();

            var alone = await http.GetStringAsync(new Uri(addresses["item-availability"], Path), Cancelled);

            Assert.Equal((await shop.GetAsync(Path)).Body, alone);
            Assert.All(hosts, host => Assert.NotEqual(0, host.Requests.Total));
            Assert.All(hosts, host => Assert.Single(host.Addresses));
        }
        finally
        {
            foreach (var host in hosts)
                await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Fail_OfAServiceDeepDown_FailsTheWholeAnswerUntilItIsSwitchedBack()
    {
        await using var shop = await LegacyShop.StartAsync(postgres, new FakeTimeProvider(Start), 10);

        Assert.Equal(200, (await shop.SendAsync(HttpMethod.Post, "/switches", """{"fail":{"merchant":1}}""")).Status);
        var failed = await shop.GetAsync(Path);
        await shop.SendAsync(HttpMethod.Post, "/switches", """{"fail":{"merchant":0}}""");

        Assert.Equal(503, failed.Status);
        Assert.Contains(@"\u0027offer\u0027 answered 503", failed.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await shop.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task Latency_OfAService_HoldsTheAnswerUntilItsTimeHasCome()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, 10);
        await shop.SendAsync(HttpMethod.Post, "/switches", """{"latency":{"unit":500}}""");

        var asked = shop.GetAsync(Path);
        var steps = 0;
        while (
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancelled))
            != asked
        )
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.InRange(++steps, 0, 1000);
        }

        Assert.Equal(200, (await asked).Status);
        Assert.True(time.GetUtcNow() - Start >= TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task CacheSeconds_SwitchedOn_KeepsAnAnswerForThatLong()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, 10);
        await shop.SendAsync(HttpMethod.Post, "/switches", """{"cacheSeconds":60}""");
        var first = await shop.GetAsync(Path);
        await using var connection = await shop.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync(
            "update warehouse_stock set on_hand = coalesce(on_hand, 0) + 1000 where sku = '000002'"
        );

        time.Advance(TimeSpan.FromSeconds(59));
        var before = shop.Host.Requests.Total;
        var kept = await shop.GetAsync(Path);
        var asked = shop.Host.Requests.Total - before;
        time.Advance(TimeSpan.FromSeconds(1));
        var after = await shop.GetAsync(Path);

        Assert.Equal(first, kept);
        Assert.Equal(2, asked);
        Assert.NotEqual(first, after);
    }

    [Theory]
    [InlineData("""{"fail":{"nobody":1}}""")]
    [InlineData("""{"fail":{"item":2}}""")]
    [InlineData("""{"latency":{"item":-1}}""")]
    [InlineData("""{"cacheSeconds":-1}""")]
    [InlineData("nonsense")]
    public async Task Switches_TurnedWrongly_AreRefusedAndStay(string json)
    {
        var switches = new Switches(Catalog.Names);
        await using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        await using var host = await ServiceHost.StartOneAsync(
            Catalog.Services[0],
            database,
            TimeProvider.System,
            switches,
            IPAddress.Loopback,
            0,
            new Dictionary<string, Uri>(),
            Cancelled
        );
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(host.Front, "/switches"), new StringContent(json), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            """{"cacheSeconds":0,"latency":{},"fail":{}}""",
            await http.GetStringAsync(new Uri(host.Front, "/switches"), Cancelled)
        );
    }
}
