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

        await TrafficGenerator.RunAsync(
            new()
            {
                Url = shop.Host.Front,
                Items = 50,
                ReadsPerSecond = 3,
                WritesPerSecond = 20,
                Duration = TimeSpan.FromSeconds(2),
                Patience = TimeSpan.FromMinutes(2),
            },
            TimeProvider.System,
            output,
            Cancelled
        );

        var lines = Lines(output);
        var total = lines[^1];
        Assert.True(total.GetProperty("total").GetBoolean());
        Assert.InRange(lines.Count, 1, 3);
        AssertAddsUp(total.GetProperty("reads"), atMost: 6);
        AssertAddsUp(total.GetProperty("writes"), atMost: 40);
        Assert.NotEqual(0, Number(total.GetProperty("writes").GetProperty("statuses"), "204"));
    }

    [Fact]
    public async Task Traffic_WhereNobodyAnswers_IsBoundedAndCountedAsErrors()
    {
        var output = new StringWriter();

        await TrafficGenerator.RunAsync(
            new()
            {
                Url = new("http://127.0.0.1:1/"),
                ReadsPerSecond = 2000,
                ReadsInFlight = 4,
                Duration = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System,
            output,
            Cancelled
        );

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

        await TrafficGenerator.RunAsync(
            new() { Url = new("http://127.0.0.1:1/") },
            new FakeTimeProvider(),
            output,
            stop.Token
        );

        Assert.True(Assert.Single(Lines(output)).GetProperty("total").GetBoolean());
    }

    [Fact]
    public void Plan_OfTheSameSeed_IsTheSameAndMixed()
    {
        var (one, other) = (new TrafficPlan(10_000, 7), new TrafficPlan(10_000, 7));
        var requests = Enumerable.Range(0, 2000).Select(_ => (Read: one.NextRead(), Write: one.NextWrite())).ToList();

        Assert.Equal(requests, Enumerable.Range(0, 2000).Select(_ => (other.NextRead(), other.NextWrite())));
        Assert.Equal(
            ["GET", "POST"],
            requests.Select(request => request.Read.Method).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Contains(requests, request => request.Read.Path.StartsWith("/api/items/010", StringComparison.Ordinal));
        var hot = requests.Count(request => request.Write.Path.StartsWith("/api/items/0000", StringComparison.Ordinal));
        Assert.InRange(
            (double)hot
                / requests.Count(request => request.Write.Path.StartsWith("/api/items/", StringComparison.Ordinal)),
            0.4,
            0.6
        );
        Assert.All(
            [
                "/stock",
                "/stores",
                "/api/offers/",
                "/api/reservations",
                "/api/caps/",
                "/api/back-orders/",
                "/api/eligibility",
            ],
            path => Assert.Contains(requests, request => request.Write.Path.Contains(path, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Plan_Reads_AreMostlyAboutTheTwentyItemsThatHalfOfTheWritesAreAbout()
    {
        var plan = new TrafficPlan(10_000, 3);
        var reads = Enumerable.Range(0, 4000).Select(_ => plan.NextRead()).ToList();
        var writes = Enumerable
            .Range(0, 4000)
            .Select(_ => plan.NextWrite().Path)
            .Where(path => path.EndsWith("/stock", StringComparison.Ordinal))
            .Select(path => path.Split('/')[3])
            .ToList();

        var named = reads.Select(read => read.Items).OfType<string>().SelectMany(items => items.Split(',')).ToList();
        var asked = reads.Where(read => read.Method == "GET").Select(read => read.Path.Split('/')[3]).ToList();

        Assert.InRange(Share(named), 0.65, 0.85);
        Assert.InRange(Share(asked), 0.7, 0.85);
        Assert.InRange(Share(writes), 0.4, 0.6);
        Assert.All(
            reads,
            read => Assert.Equal(read.Path.Contains("availability", StringComparison.Ordinal), read.Items is not null)
        );
        Assert.All(
            reads.Where(read => read.Json is not null),
            read =>
                Assert.All(read.Items!.Split(','), item => Assert.Contains(item, read.Json!, StringComparison.Ordinal))
        );

        static double Share(List<string> items) =>
            (double)items.Count(item => string.CompareOrdinal(item, "000020") <= 0) / items.Count;
    }

    private static void AssertAddsUp(JsonElement report, long atMost)
    {
        Assert.Equal(0, Number(report, "errors"));
        Assert.Equal(Number(report, "sent"), Number(report, "answered"));
        Assert.Equal(
            Number(report, "answered"),
            report.GetProperty("statuses").EnumerateObject().Sum(status => status.Value.GetInt64())
        );
        Assert.InRange(Number(report, "sent"), 1, atMost);
        Assert.True(report.GetProperty("p50Ms").GetDouble() <= report.GetProperty("p99Ms").GetDouble());
    }

    private static long Number(JsonElement report, string member) => report.GetProperty(member).GetInt64();

    private static List<JsonElement> Lines(StringWriter output) =>
        [
            .. output
                .ToString()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
}
