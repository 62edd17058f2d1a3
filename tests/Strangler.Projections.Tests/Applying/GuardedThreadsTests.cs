using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Applying;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class GuardedThreadsTests : IDisposable
{
    private const int MaxMilliseconds = 60_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly GuardedThreads<int> _threads;
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _release = new();
    private int _ran;

    public GuardedThreadsTests() => _threads = new GuardedThreads<int>("test", count: 1, maxWaiting: 1, Limit, _time);

    public void Dispose()
    {
        _release.Set();
        _threads.Dispose();
    }

    [Fact(Timeout = MaxMilliseconds)]
    public async Task WaitAsync_AnItemHangs_GivesTheResultsBeforeItAndAnotherThreadTakesOverUntilItReturns()
    {
        var first = Add(HangsAt(2));
        await _hanging.Task.WaitAsync(TestContext.Current.CancellationToken);
        var second = Add(HangsAt(-1));
        var refused = !_threads.TryAdd(new GuardedCall<int>(1, (index, _) => index));
        while (_threads.LostCount == 0) // counted before the other thread begins
        {
            _time.Advance(Limit / HangCounter.Ticks);
            await Task.Yield();
        }

        Assert.True(refused);
        Assert.Equal([0, 1], await first);
        Assert.Equal(1, _threads.LostCount);
        Assert.Equal([0, 1, 2, 3], await second);
        _release.Set();
        while (_threads.LostCount > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.Equal([0, 1, 2, 3], await Add(HangsAt(-1)));
    }

    [Fact(Timeout = MaxMilliseconds)]
    public async Task WaitAsync_IsCancelled_LeavesOutTheItemsThatHaveNotBegun()
    {
        using var cancel = new CancellationTokenSource();
        var call = HangsAt(1);
        Assert.True(_threads.TryAdd(call));
        var cancelled = _threads.WaitAsync(call, cancel.Token);
        await _hanging.Task.WaitAsync(TestContext.Current.CancellationToken);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _release.Set();
        await Add(new GuardedCall<int>(1, (index, _) => index));

        Assert.Equal(2, _ran);
    }

    [Fact]
    public async Task WaitAsync_CallThrows_ThrowsItAndTheThreadGoesOn()
    {
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() =>
            Add(new GuardedCall<int>(2, (_, _) => throw new TimeoutException("a bug")))
        );

        Assert.Equal("a bug", thrown.Message);
        Assert.Equal([0, 1, 2, 3], await Add(HangsAt(-1)));
    }

    /// <summary>Within the first item, the team's code is compiled.</summary>
    [Fact]
    public async Task WaitAsync_FirstItem_HasThePatienceAndNoOther()
    {
        GuardedCall<int> call = null!;
        call = new GuardedCall<int>(3, (_, _) => call.Patience, patience: 5);

        Assert.Equal([5, 1, 1], await Add(call));
    }

    private Task<IReadOnlyList<int>> Add(GuardedCall<int> call)
    {
        Assert.True(_threads.TryAdd(call));
        return _threads.WaitAsync(call, TestContext.Current.CancellationToken);
    }

    /// <summary>A call for four items, which hangs at one of them.</summary>
    private GuardedCall<int> HangsAt(int hanging) =>
        new(
            4,
            (index, _) =>
            {
                Interlocked.Increment(ref _ran);
                if (index == hanging)
                {
                    _hanging.SetResult();
                    _release.Wait();
                }
                return index;
            }
        );
}
