using Strangler.ChangeLog;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

/// <summary>A gateway whose clock is wrong, with documents that move or don't.</summary>
public sealed class AgeServingTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// The clocks' age is -120 s throughout, so only the time for which the watermark doesn't move can end it.
    /// </summary>
    [Fact]
    public async Task Lookup_WatermarkRestsAndTheClockIsBehind_IsStale()
    {
        await using var setup = await StartAsync(-120);
        await setup.StartGatewayAsync(
            "lookup",
            ("Gateway:Source", setup.Store),
            ("ReverseProxy:Routes:availability:Strangler:MaxStaleness", "00:00:05")
        );
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source was looked at");
        Assert.Equal("""{"sku":7}""", await setup.Client.GetStringAsync(Target, Cancellation));

        setup.Answers.Watermark = setup.Answers.Watermark! with { };
        await GatewaySetup.UntilAsync(
            async () => await setup.Client.GetStringAsync(Target, Cancellation) == $"legacy {Target}",
            "it is stale"
        );

        Assert.Equal(
            new Dictionary<string, long> { ["stale"] = 1 },
            setup.Gateway.Routes.Find("availability")!.Stats.Reasons()
        );
        Assert.InRange(
            Assert.Single((await setup.Admin.WatermarksAsync(Cancellation)).Watermarks).RestSeconds!.Value,
            5,
            60
        );
    }

    /// <summary>
    /// The monotonic clock stood still for two hours, in which the source went on: what was fresh before is stale.
    /// </summary>
    [Fact]
    public async Task Lookup_MachineWasSuspended_IsStaleUntilTheWatermarkMoves()
    {
        await using var setup = await StartAsync(0);
        await setup.StartGatewayAsync(
            "lookup",
            ("Gateway:Source", setup.Store),
            ("ReverseProxy:Routes:availability:Strangler:MaxStaleness", "00:10:00")
        );
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source was looked at");
        setup.Answers.Watermark = setup.Answers.Watermark! with { };
        var before = await setup.Client.GetStringAsync(Target, Cancellation);

        ((WrongTime)setup.Time).Ahead += TimeSpan.FromHours(2);
        var after = await setup.Client.GetStringAsync(Target, Cancellation);
        setup.Answers.Watermark = null;
        await GatewaySetup.UntilAsync(
            async () => await setup.Client.GetStringAsync(Target, Cancellation) == before,
            "it is fresh again"
        );

        Assert.Equal(("""{"sku":7}""", $"legacy {Target}"), (before, after));
        Assert.True(setup.Counted("availability", "stale") > 0);
    }

    [Fact]
    public async Task Lookup_WatermarkHasNotMovedSinceTheStart_IsLegacys()
    {
        await using var setup = await StartAsync(0);
        setup.Answers.Watermark = new Watermark("shop", Position.Parse("1:FFFFFFFF/20:end"), setup.Time.GetUtcNow());
        await setup.StartGatewayAsync("lookup");

        Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));
        Assert.Equal(1, setup.Counted("availability", "not-moved"));
        Assert.Equal("not-moved", Assert.Single((await setup.Admin.WatermarksAsync(Cancellation)).Watermarks).Doubt);

        setup.Answers.Watermark = setup.Answers.Watermark with { Position = Position.Parse("1:FFFFFFFF/30:end") };
        Assert.Equal("""{"sku":7}""", await setup.Client.GetStringAsync(Target, Cancellation));
    }

    /// <summary>
    /// The source's clock runs ahead of the gateway's: without a look the offset is unknown, with one it doesn't
    /// matter.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lookup_GatewaysClockIsBehindTheSources_IsServedOnceTheSourceIsLookedAt(bool looks)
    {
        await using var setup = await StartAsync(-120);
        await setup.StartGatewayAsync("lookup", ("Gateway:Source", looks ? setup.Store : null));
        if (looks)
            await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source was looked at");

        var answer = await setup.Client.GetStringAsync(Target, Cancellation);
        var health = await setup.Admin.HealthAsync(Cancellation);
        var watermarks = await setup.Admin.WatermarksAsync(Cancellation);

        Assert.Equal(looks ? """{"sku":7}""" : $"legacy {Target}", answer);
        Assert.Equal(looks ? 0 : 1, setup.Counted("availability", "clock-ahead"));
        if (!looks)
            return;
        Assert.InRange(health.SourceClock!.AheadSeconds, 119, 121);
        Assert.Contains("s ahead of this gateway's.", health.SourceClock.Sentence, StringComparison.Ordinal);
        Assert.InRange(watermarks.SourceClock!.AheadSeconds, 119, 121);
        Assert.InRange(Assert.Single(watermarks.Watermarks).AgeSeconds!.Value, 0, 5);
    }

    private async Task<GatewaySetup> StartAsync(int ahead)
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), "legacy", start: false);
        setup.Time = new WrongTime(TimeSpan.FromSeconds(ahead));
        setup.Answers.Put("7", """{"sku":7}""");
        return setup;
    }

    /// <summary>Runs like the system's clock, but shows another time.</summary>
    private sealed class WrongTime(TimeSpan ahead) : TimeProvider
    {
        private long _ahead = ahead.Ticks;

        public TimeSpan Ahead
        {
            get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
            set => Interlocked.Exchange(ref _ahead, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
