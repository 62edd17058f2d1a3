using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Reporting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>
/// Comparisons that have begun when a promotion is requested may be wrong, so the promotion waits for them.
/// </summary>
public sealed class PromotionWaitTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const int Enough = 40;

    // no other wait of the gateway has this length
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(12.345);
    private static readonly TimeSpan Limit = Wait + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeStage_AHeldComparisonTurnsOutWrong_IsWaitedForAndRefused()
    {
        var time = new WatchedTime(TimeProvider.System);
        await using var setup = await StartAsync(time, "shadow");
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        setup.Moments.Documents["7"] = """{"sku":7,"quantity":4}""";
        setup.Moments.Instead = async (question, cancellationToken) =>
        {
            await goOn.Task.WaitAsync(cancellationToken);
            return setup.Moments.Quiet(question);
        };
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        await setup.Client.GetStringAsync("/api/items/7/availability?area=1", Cancellation);
        await GatewaySetup.UntilAsync(() => !setup.Moments.Asked.IsEmpty, "it is being compared");

        var promotion = PromoteAsync(setup);
        await GatewaySetup.UntilAsync(() => promotion.IsCompleted || time.HasBegun(Limit), "the gate waits");
        Assert.False(promotion.IsCompleted);
        goOn.SetResult();
        var refused = await Assert.ThrowsAsync<FaultException>(() => promotion);

        Assert.Equal(["gate:wrong", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains("'$.quantity'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeStage_AComparisonNeverEnds_IsRefusedAndForcedWithoutAWait()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var time = new WatchedTime(clock);
        await using var setup = await StartAsync(time, "legacy", (Route + "Shadow:Delay", "00:00:04"));
        var limit = Limit + TimeSpan.FromSeconds(4);
        var places = setup.Gateway.Shadows.Find("availability")!.Places;
        var held = places.TryTake()!.Value;

        var promotion = PromoteAsync(setup);
        await GatewaySetup.UntilAsync(() => promotion.IsCompleted || time.HasBegun(limit), "the gate waits");
        Assert.False(promotion.IsCompleted);
        clock.Advance(limit);
        var refused = await Assert.ThrowsAsync<FaultException>(() => promotion);
        var forced = await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "It has to be now.",
            Cancellation
        );

        Assert.Equal(["gate:under-way", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Equal(
            "1 comparison that had begun before still waits, for the watermark or for the end of an answer; the "
                + "gate waited 21.3 s for it.",
            refused.Faults[0].Problem
        );
        Assert.Contains("Try again", refused.Faults[0].WayOut, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Faults[1].WayOut, StringComparison.Ordinal);
        Assert.Equal("lookup", forced.Stage);
        places.GiveBack(held);
    }

    [Fact]
    public async Task ChangeStage_APlaceIsGivenBackWithoutAComparison_IsTaken()
    {
        var time = new WatchedTime(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        await using var setup = await StartAsync(time, "legacy");
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source is looked at");
        var places = setup.Gateway.Shadows.Find("availability")!.Places;
        var dropped = places.TryTake()!.Value;

        var promotion = PromoteAsync(setup);
        await GatewaySetup.UntilAsync(() => promotion.IsCompleted || time.HasBegun(Limit), "the gate waits");
        Assert.NotNull(places.TryTake()); // a later one, which never ends
        places.GiveBack(dropped);

        Assert.Equal("lookup", (await promotion).Stage);
    }

    [Fact]
    public async Task ChangeStage_TheRoutesWaitIsLongerThanTheClients_WaitsWithinTheClients()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var time = new WatchedTime(clock);
        await using var setup = await StartAsync(time, "legacy", (Route + "Shadow:Wait", "00:30:00"));
        setup.Gateway.Shadows.Find("availability")!.Places.TryTake();

        var promotion = PromoteAsync(setup);
        await GatewaySetup.UntilAsync(() => promotion.IsCompleted || time.HasBegun(MostWait), "the gate waits");
        clock.Advance(MostWait);

        Assert.Equal("gate:under-way", (await Assert.ThrowsAsync<FaultException>(() => promotion)).Faults[0].Path);
        Assert.True(AdminClient.PromoteLimit >= MostWait + AdminClient.Limit);
    }

    [Fact]
    public async Task Client_ThePromotionTakesLong_IsWaitedForLongerThanAnythingElse()
    {
        var clock = new FakeTimeProvider();
        using var http = new HttpClient(new Silence())
        {
            BaseAddress = new Uri("http://127.0.0.1:1"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var client = new AdminClient(http, clock);

        var promotion = client.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);
        Task[] others =
        [
            client.RoutesAsync(Cancellation),
            client.ChangeStageAsync("availability", "legacy", "Ada", "why", Cancellation),
            client.ForceStageAsync("availability", "lookup", "Ada", "why", Cancellation),
        ];
        clock.Advance(AdminClient.Limit);
        foreach (var other in others)
            Assert.Contains(
                "in time",
                (await Assert.ThrowsAsync<FaultException>(() => Ended(other))).Message,
                StringComparison.Ordinal
            );
        Assert.False(promotion.IsCompleted);
        clock.Advance(AdminClient.PromoteLimit - AdminClient.Limit);

        Assert.Contains(
            "in time",
            (await Assert.ThrowsAsync<FaultException>(() => Ended(promotion))).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>The client's clock doesn't move, so a call that doesn't end fails the test.</summary>
    private static Task Ended(Task call) => call.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancellation);

    private static Task<RouteReport> PromoteAsync(GatewaySetup setup) =>
        setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);

    /// <summary>A gateway that knows its source and has enough evidence.</summary>
    private async Task<GatewaySetup> StartAsync(
        TimeProvider time,
        string stage,
        params (string Key, string? Value)[] settings
    )
    {
        var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"sku":7,"quantity":3}""");
        });
        var setup = await GatewaySetup.StartAsync(postgres, upstream, start: false);
        (setup.Time, setup.IsEvidenceStored) = (time, true);
        await setup.StartGatewayAsync(
            "legacy",
            [
                ("Gateway:Source", setup.Store),
                (Route + "Stage", stage),
                (Route + "Gate:MinMatches", "30"),
                (Route + "Gate:MinKeys", "10"),
                (Route + "Shadow:Wait", Wait.ToString("c", CultureInfo.InvariantCulture)),
                (Route + "Shadow:AskAgain:Pause", "00:00:00.01"),
                .. settings,
            ]
        );
        var scope = EvidenceReports.ScopeOf(setup.Gateway.Routes.Find("availability")!)!.Value;
        for (var key = 100; key < 100 + Enough; key++)
        {
            var text = key.ToString(CultureInfo.InvariantCulture);
            setup.Gateway.Evidence.Sample(scope, [text]);
            setup.Gateway.Evidence.Add(
                Sampling.Of(Sampling.Part(text, Sampling.Quiet), TimeProvider.System.GetUtcNow(), scope)
            );
        }
        return setup;
    }

    /// <summary>Never answers.</summary>
    private sealed class Silence : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("Silence has no answer.");
        }
    }
}
