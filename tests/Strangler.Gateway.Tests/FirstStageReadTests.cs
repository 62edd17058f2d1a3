using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>The first read of the stages delays serving, by a limit at most.</summary>
public sealed class FirstStageReadTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The driver ignores its token.</summary>
    [Fact]
    public async Task Run_StoreHangs_EndsAtTheLimitAndNotBefore()
    {
        var reading = FirstStageRead.RunAsync(_ => new TaskCompletionSource().Task, null, _time, Cancellation);

        _time.Advance(FirstStageRead.Limit - TimeSpan.FromTicks(1));
        var before = reading.IsCompleted;
        _time.Advance(TimeSpan.FromTicks(1));
        await EndAsync(reading);

        Assert.False(before);
        Assert.Equal(TimeSpan.FromSeconds(1), FirstStageRead.Limit);
    }

    [Fact]
    public async Task Run_StoreAnswers_EndsThen()
    {
        var answer = new TaskCompletionSource();
        var reading = FirstStageRead.RunAsync(_ => answer.Task, null, _time, Cancellation);

        var before = reading.IsCompleted;
        answer.SetResult();
        await EndAsync(reading);

        Assert.False(before);
    }

    [Fact]
    public Task Run_StoreFails_Ends() =>
        EndAsync(FirstStageRead.RunAsync(_ => Task.FromException(new IOException("Away.")), null, _time, Cancellation));

    [Fact]
    public async Task Run_Cancelled_Throws()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = FirstStageRead.RunAsync(_ => new TaskCompletionSource().Task, null, _time, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndAsync(reading));
    }

    private static Task EndAsync(Task reading) =>
        reading.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);
}
