using CsCheck;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Xunit;
using Yarp.ReverseProxy.Forwarder;

namespace Strangler.Gateway.Tests.Fallbacks;

public sealed class FallbackCircuitTests
{
    private static readonly FallbackModel Limits = new() { MaxFailures = 3, RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>f, a, u: a fallback fails, is answered, shows nothing. F, A, U: a trial. Each takes 1 s.</summary>
    [Theory]
    [InlineData("ff", false)]
    [InlineData("fff", true)]
    [InlineData("ffaff", false)]
    [InlineData("ffuf", true)]
    [InlineData("fffa", true)] // it began before the circuit opened
    [InlineData("fffA", false)]
    [InlineData("fffF", true)]
    [InlineData("fffU", true)]
    [InlineData("fffAff", false)]
    [InlineData("fffAfff", true)]
    public void Ended_Events_Table(string events, bool isOpen) => Assert.Equal(isOpen, After(events).IsOpen);

    [Fact]
    public void Admits_WhileOpen_OneTrialAtATimeAndNoneBeforeItsTime()
    {
        var open = After("fff"); // at the second 3

        Assert.False(open.Admits(TimeSpan.FromSeconds(4.9)));
        Assert.True(open.Admits(TimeSpan.FromSeconds(5)));
        Assert.False(open.Entered().Admits(TimeSpan.FromSeconds(5)));
        var left = open.Entered().Ended(FallbackEnd.Unknown, true, Limits, TimeSpan.FromSeconds(5));
        Assert.True(left.Admits(TimeSpan.FromSeconds(5)));
        var failed = open.Entered().Ended(FallbackEnd.Failed, true, Limits, TimeSpan.FromSeconds(5));
        Assert.False(failed.Admits(TimeSpan.FromSeconds(6.9)));
        Assert.True(failed.Admits(TimeSpan.FromSeconds(7)));
    }

    /// <summary>Whatever happens, a closed one admits, and an open one admits sooner or later.</summary>
    [Fact]
    public void Admits_AfterAnyEvents_NeverStaysShut() =>
        Gen.Char["fauFAU"]
            .Array[0, 40]
            .Select(events => new string(events))
            .Sample(events => Assert.True(After(events).Admits(TimeSpan.FromSeconds(1_000))));

    [Fact]
    public void Ended_WithoutALimit_NeverOpens()
    {
        var state = default(FallbackCircuit);
        for (var i = 0; i < 1_000; i++)
            state = state.Ended(FallbackEnd.Failed, false, Limits with { MaxFailures = 0 }, TimeSpan.Zero);

        Assert.False(state.IsOpen);
    }

    [Theory]
    [InlineData(null, 200, nameof(FallbackEnd.Answered))]
    [InlineData(null, 404, nameof(FallbackEnd.Answered))]
    [InlineData(null, 500, nameof(FallbackEnd.Answered))]
    [InlineData(null, 503, nameof(FallbackEnd.Failed))]
    [InlineData(ForwarderError.None, 504, nameof(FallbackEnd.Failed))]
    [InlineData(ForwarderError.Request, 502, nameof(FallbackEnd.Failed))]
    [InlineData(ForwarderError.RequestTimedOut, 504, nameof(FallbackEnd.Failed))]
    [InlineData(ForwarderError.ResponseBodyDestination, 200, nameof(FallbackEnd.Failed))]
    [InlineData(ForwarderError.NoAvailableDestinations, 503, nameof(FallbackEnd.Failed))]
    [InlineData(ForwarderError.RequestCanceled, 502, nameof(FallbackEnd.Unknown))]
    [InlineData(ForwarderError.RequestBodyClient, 400, nameof(FallbackEnd.Unknown))]
    public void EndOf_ErrorAndStatus_Table(ForwarderError? error, int status, string end) =>
        Assert.Equal(end, FallbackLimiter.EndOf(error, status).ToString());

    private static FallbackCircuit After(string events)
    {
        var state = default(FallbackCircuit);
        var now = TimeSpan.Zero;
        foreach (var one in events)
        {
            now += TimeSpan.FromSeconds(1);
            var isTrial = char.IsUpper(one) && state.IsOpen;
            if (isTrial)
                state = state.Entered();
            var end = char.ToLowerInvariant(one) switch
            {
                'f' => FallbackEnd.Failed,
                'a' => FallbackEnd.Answered,
                _ => FallbackEnd.Unknown,
            };
            state = state.Ended(end, isTrial, Limits, now);
        }
        return state;
    }
}
