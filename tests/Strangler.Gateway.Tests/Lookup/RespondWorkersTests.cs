using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Lookup;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

/// <summary>
/// Respond hangs, in every place and beyond. The clock stands until a test moves it, so that a limit ends after a call
/// has begun, and not while it waits for a thread.
/// </summary>
public sealed class RespondWorkersTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private static readonly AnswerRequest Request = new(
        "GET",
        new Dictionary<string, string>(),
        new Dictionary<string, string>(),
        null
    );
    private readonly ManualResetEventSlim _release = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RespondGuard _guard = new();
    private readonly FakeResponder _quick = new() { Instead = _ => Answer.Empty(204) };
    private readonly FakeResponder _hanging;
    private int _hang;

    public RespondWorkersTests() =>
        _hanging = new FakeResponder
        {
            Instead = _ =>
            {
                Interlocked.Increment(ref _hang);
                _release.Wait(Long);
                return Answer.Empty(204);
            },
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _release.Set();
        _release.Dispose();
    }

    [Fact]
    public async Task Run_EveryPlaceIsTaken_WaitsForOneAndIsRefusedAtTheLimit()
    {
        using var workers = new RespondWorkers(1, _time);
        var first = RunAsync(workers, _hanging, Long);
        await GatewaySetup.UntilAsync(() => Volatile.Read(ref _hang) == 1, "it runs");

        Assert.IsType<RespondOutcome.Busy>(await RefusedAsync(workers));
        var waiting = RunAsync(workers, _quick, Long);
        Assert.False(waiting.IsCompleted);
        _release.Set();

        Assert.IsType<RespondOutcome.Made>(await waiting);
        Assert.IsType<RespondOutcome.Made>(await first);
    }

    /// <summary>
    /// 32 stuck calls give up their places, two more keep theirs. All return, and leave exactly as many places as
    /// before.
    /// </summary>
    [Fact]
    public async Task Run_MoreHangThanMayBeStuck_IsRefusedUntilTheyComeBackAndHasItsPlacesAgain()
    {
        using var workers = new RespondWorkers(2, _time);
        for (var i = 0; i < 34; i++)
        {
            var call = RunAsync(workers, _hanging, Short);
            await GatewaySetup.UntilAsync(() => Volatile.Read(ref _hang) == i + 1, "it runs");
            _time.Advance(Short);
            Assert.IsType<RespondOutcome.Overran>(await call);
        }
        Assert.Equal(34, _guard.Stuck);
        Assert.Equal(2 + 32, workers.KeptCount);
        Assert.IsType<RespondOutcome.Busy>(await RefusedAsync(workers));

        _release.Set();
        await GatewaySetup.UntilAsync(() => _guard.Stuck == 0, "the stuck calls came back");
        Assert.IsType<RespondOutcome.Made>(await RunAsync(workers, _quick, Long));

        _release.Reset();
        var both = new[] { RunAsync(workers, _hanging, Long), RunAsync(workers, _hanging, Long) };
        await GatewaySetup.UntilAsync(() => Volatile.Read(ref _hang) == 36, "two run");
        Assert.IsType<RespondOutcome.Busy>(await RefusedAsync(workers));
        _release.Set();
        foreach (var one in both)
            Assert.IsType<RespondOutcome.Made>(await one);
        await GatewaySetup.UntilAsync(
            () => workers.KeptCount == 2,
            "the pool keeps as many threads as there are places"
        );
        workers.Dispose();
        Assert.Equal(0, workers.KeptCount);
    }

    [Fact]
    public async Task Run_NobodyWaitsAnyMore_IsCancelledAtOnceAndPassesItsPlaceOnAtTheLimit()
    {
        using var workers = new RespondWorkers(1, _time);
        using var client = new CancellationTokenSource();
        var left = workers.RunAsync(_hanging, Request, [], Short, _guard, client.Token).AsTask();
        await GatewaySetup.UntilAsync(() => Volatile.Read(ref _hang) == 1, "it runs");

        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        var next = RunAsync(workers, _quick, Long);
        Assert.False(next.IsCompleted);
        _time.Advance(Short);
        Assert.IsType<RespondOutcome.Made>(await next);
        Assert.Equal(1, _guard.Stuck);
    }

    [Fact]
    public async Task Run_ShutDown_RefusesThoseThatWaitAndThoseThatCome()
    {
        var workers = new RespondWorkers(1, _time);
        var first = RunAsync(workers, _hanging, Long);
        await GatewaySetup.UntilAsync(() => Volatile.Read(ref _hang) == 1, "it runs");
        var waiting = RunAsync(workers, _quick, Long);

        workers.Dispose();

        Assert.IsType<RespondOutcome.Busy>(await waiting);
        Assert.IsType<RespondOutcome.Busy>(await RunAsync(workers, _quick, Long));
        _release.Set();
        Assert.IsType<RespondOutcome.Made>(await first);
    }

    [Fact]
    public async Task Run_RespondThrows_SaysSoAndGivesThePlaceBack()
    {
        using var workers = new RespondWorkers(1, _time);
        var throwing = new FakeResponder { Instead = _ => throw new InvalidOperationException("no") };

        for (var i = 0; i < 3; i++)
            Assert.Equal(
                "no",
                Assert.IsType<RespondOutcome.Threw>(await RunAsync(workers, throwing, Long)).Exception.Message
            );
    }

    /// <summary>A call that gets no place, at its limit.</summary>
    private Task<RespondOutcome> RefusedAsync(RespondWorkers workers)
    {
        var call = RunAsync(workers, _quick, Short);
        Assert.False(call.IsCompleted);
        _time.Advance(Short);
        return call;
    }

    private Task<RespondOutcome> RunAsync(RespondWorkers workers, FakeResponder responder, TimeSpan limit) =>
        workers.RunAsync(responder, Request, [], limit, _guard, Cancellation).AsTask();
}
