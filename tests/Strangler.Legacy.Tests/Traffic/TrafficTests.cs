using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Shop.Traffic;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests.Traffic;

public sealed class TrafficTests(PostgresFixture postgres)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traffic_OnTheShop_CountsEveryRequestAndEnds()
    {
        await using var shop = await LegacyShop.StartAsync(postgres, TimeProvider.System, 50);
        var output = new StringWriter();

        await TrafficGenerator.RunAsync(new() { Url = shop.Host.Front, Items = 50, ReadsPerSecond = 5, WritesPerSecond = 20, Duration = TimeSpan.FromSeconds(3) }, TimeProvider.System, output, Cancelled);

        var lines = Lines(output);
        var total = lines[^1];
        Assert.True(total.GetProperty("total").GetBoolean());
        Assert.InRange(lines.Count, 2, 4);
        AssertAddsUp(total.GetProperty("reads"), atMost: 15);
        AssertAddsUp(total.GetProperty("writes"), atMost: 60);
        Assert.NotEqual(0, Number(total.GetProperty("writes").GetProperty("statuses"), "204"));
    }

    [Fact]
    public async Task Traffic_WhereNobodyAnswers_IsBoundedAndCountedAsErrors()
    {
        var output = new StringWriter();

        await TrafficGenerator.RunAsync(new() { Url = new("http://127.0.0.1:1/"), ReadsPerSecond = 2000, InFlight = 4, Duration = TimeSpan.FromSeconds(1) }, TimeProvider.System, output, Cancelled);

        var reads = Lines(output)[^1].GetProperty("reads");
        Assert.Equal(Number(reads, "sent"), Number(reads, "errors"));
        Assert.Equal(0, Number(reads, "answered"));
        Assert.InRange(Number(reads, "sent"), 1, 2000);
    }

    [Fact]
    public async Task Traffic_Cancelled_StillSaysWhatItDid()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var output = new StringWriter();

        await TrafficGenerator.RunAsync(new() { Url = new("http://127.0.0.1:1/") }, new FakeTimeProvider(), output, stop.Token);

        Assert.True(Assert.Single(Lines(output)).GetProperty("total").GetBoolean());
    }

    [Fact]
    public void Plan_OfTheSameSeed_IsTheSameAndMixed()
    {
        var (one, other) = (new TrafficPlan(10_000, 7), new TrafficPlan(10_000, 7));
        var requests = Enumerable.Range(0, 2000).Select(_ => (Read: one.NextRead(), Write: one.NextWrite())).ToList();

        Assert.Equal(requests, Enumerable.Range(0, 2000).Select(_ => (other.NextRead(), other.NextWrite())));
        Assert.Equal(["GET", "POST"], requests.Select(request => request.Read.Method).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(requests, request => request.Read.Path.StartsWith("/api/items/010", StringComparison.Ordinal));
        var hot = requests.Count(request => request.Write.Path.StartsWith("/api/items/0000", StringComparison.Ordinal));
        Assert.InRange((double)hot / requests.Count(request => request.Write.Path.StartsWith("/api/items/", StringComparison.Ordinal)), 0.4, 0.6);
        Assert.All(["/stock", "/stores", "/api/offers/", "/api/reservations", "/api/caps/", "/api/back-orders/", "/api/eligibility"], path => Assert.Contains(requests, request => request.Write.Path.Contains(path, StringComparison.Ordinal)));
    }

    private static void AssertAddsUp(JsonElement report, long atMost)
    {
        Assert.Equal(0, Number(report, "errors"));
        Assert.Equal(Number(report, "sent"), Number(report, "answered"));
        Assert.Equal(Number(report, "answered"), report.GetProperty("statuses").EnumerateObject().Sum(status => status.Value.GetInt64()));
        Assert.InRange(Number(report, "sent"), 1, atMost);
        Assert.True(report.GetProperty("p50Ms").GetDouble() <= report.GetProperty("p99Ms").GetDouble());
    }

    private static long Number(JsonElement report, string member) => report.GetProperty(member).GetInt64();

    private static List<JsonElement> Lines(StringWriter output) => [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
