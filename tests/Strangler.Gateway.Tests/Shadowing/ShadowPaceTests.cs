using Microsoft.AspNetCore.Http;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Gateway.Shadowing;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Shadowing.ShadowedRoute;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>When a comparison is made, and how many at once.</summary>
public sealed class ShadowPaceTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shadow_Delay_TheLookupIsDoneAtOnceAndTheComparisonWhenItHasPassed()
    {
        var time = new WatchedTime(TimeProvider.System)
        {
            Holds = wait => wait > TimeSpan.FromSeconds(5) && wait <= TimeSpan.FromSeconds(9),
        };
        await using var setup = await StartAsync(postgres, _ => """{"sku":7}""", time, (Shadow + "Delay", "00:00:09"));
        setup.Moments.Documents["7"] = """{"sku":7}""";
        setup.Answers.Put("7", """{"sku":7}""");

        await GetAsync(setup);
        await GatewaySetup.UntilAsync(() => time.Held > 0, "the comparison rests");
        var (asked, looked) = (setup.Moments.Asked.Count, setup.Answers.Asked.Count);
        time.Release();
        var comparison = await ComparedAsync(setup);

        Assert.Equal((0, 1), (asked, looked));
        Assert.IsType<Verdict.Match>(Assert.Single(comparison.Parts).Verdict);
        Assert.Single(setup.Moments.Asked);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Shadow_AnswerThatDoesNotEnd_GivesItsPlaceBackAndGoesOnToItsClient(string type)
    {
        var time = new WatchedTime(TimeProvider.System) { Holds = wait => wait == ShadowSampler.MaxAnswerDuration };
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var setup = await StartAsync(
            postgres,
            async context =>
            {
                context.Response.ContentType = type;
                await context.Response.WriteAsync("[1,", Cancellation);
                await context.Response.Body.FlushAsync(Cancellation);
                await goOn.Task.WaitAsync(Cancellation);
                await context.Response.WriteAsync("2]", Cancellation);
            },
            time
        );

        var answer = GetAsync(setup);
        await GatewaySetup.UntilAsync(() => time.Held > 0, "the answer is copied");
        var places = setup.Gateway.Shadows.Find("availability")!.Places;
        if (type == "application/json")
        {
            Assert.Equal(1, await places.WaitForEarlierAsync(TimeSpan.Zero, Cancellation));
            time.Release();
        }
        // for server-sent events this is known at the first byte
        var left = await places.WaitForEarlierAsync(TimeSpan.FromSeconds(20), Cancellation);
        var isAnswered = answer.IsCompleted;
        goOn.SetResult();

        Assert.Equal((0, false), (left, isAnswered));
        Assert.Equal("[1,2]", await answer);
        Assert.Equal(type == "application/json" ? [DropReason.TooLong] : [], setup.Evidence.Dropped);
        Assert.Equal(
            type == "application/json" ? [] : [IncomparableReason.NotAnAnswer],
            setup.Evidence.Verdicts.OfType<Verdict.Incomparable>().Select(verdict => verdict.Reason)
        );
    }

    [Fact]
    public async Task Shadow_MaxConcurrent_SoManyAreComparedAtOnceAndTheOthersAfterThem()
    {
        var (inside, most) = (0, 0);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var setup = await StartAsync(postgres, _ => """{"sku":7}""", (Shadow + "MaxConcurrent", "3"));
        setup.Moments.Documents["7"] = """{"sku":7}""";
        setup.Moments.Instead = async (question, cancellationToken) =>
        {
            var now = Interlocked.Increment(ref inside);
            InterlockedMost(ref most, now);
            await goOn.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref inside);
            return setup.Moments.Quiet(question);
        };

        for (var i = 0; i < 10; i++)
            await GetAsync(setup);
        await GatewaySetup.UntilAsync(
            () => Volatile.Read(ref inside) == 3 && setup.Answers.Asked.Count == 10,
            "all have been looked up and three are being compared"
        );
        goOn.SetResult();
        await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == 10, "all are compared");

        Assert.Equal(3, most);
    }

    private static void InterlockedMost(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        { }
    }
}
