using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>How readers wait.</summary>
public abstract partial class ChangeLogContract
{
    [Fact]
    public async Task WaitAsync_AppendBehind_WakesTheReader()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 1));
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(_ => log.WaitAsync(Shop, End(8), Long, Cancel))];
        var later = log.WaitAsync(Shop, End(16), Long, Cancel);

        var early = Task.WhenAny(waiting).IsCompleted;
        await appender.AppendAsync(Part(16, 0, 1), Cancel);
        await appender.AppendAsync(new LogAppend([], [Transaction(16, 1, 2)], End(16), At(2)), Cancel);
        await Task.WhenAll(waiting).WaitAsync(Stuck, Cancel);

        Assert.False(early);
        Assert.False(later.IsCompleted);
        await appender.AppendAsync(Progress(17), Cancel);
        await later.WaitAsync(Stuck, Cancel);
    }

    [Fact]
    public async Task WaitAsync_EndLiesBehindAlready_ReturnsAtOnce()
    {
        var log = await CreateAsync();
        await using var appender = await AppendAsync(log, Whole(8, 1));

        await log.WaitAsync(Shop, Position.Start, Long, Cancel).WaitAsync(Stuck, Cancel);
    }

    [Fact]
    public async Task WaitAsync_NothingComes_ReturnsAfterTheTimeout()
    {
        var log = await CreateAsync();

        await log.WaitAsync("nobody", Position.Start, TimeSpan.FromMilliseconds(20), Cancel).WaitAsync(Stuck, Cancel);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        var log = await CreateAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = log.WaitAsync(Shop, Position.Start, Long, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Stuck, Cancel));
    }
}
