using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Reading;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

public sealed class ReaderPoolTests : IDisposable
{
    private const string Shop = "shop";
    private static readonly (Guid Old, Guid New) Logs = (Guid.NewGuid(), Guid.NewGuid());

    private readonly ReaderPool _pool = new(
        new KafkaClients(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:9" },
            }
        )
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CursorAsync_SamePlaceOfTheSameLog_IsTheSameCursor()
    {
        var first = await CursorAsync(Logs.Old);

        Assert.Same(first, await CursorAsync(Logs.Old));
    }

    [Fact]
    public async Task CursorAsync_SamePlaceOfAnotherLog_IsAnotherCursor()
    {
        var first = await CursorAsync(Logs.Old);

        var other = await CursorAsync(Logs.New);

        Assert.NotSame(first, other);
        Assert.Equal((Shop, Logs.New, End(8)), (other.Source, other.Log, other.Position));
    }

    [Fact]
    public async Task ReaderAsync_ManyAtOnce_SoManyAreUsedAndTheOthersWait()
    {
        using var release = new ManualResetEventSlim();
        var (used, most) = (0, 0);
        var all = Enumerable.Range(0, 40).Select(_ => _pool.ReaderAsync(Shop, Logs.Old, _ => Use(), Cancel)).ToList();
        while (Volatile.Read(ref used) < 16)
            await Task.Yield();
        release.Set();

        await Task.WhenAll(all);

        Assert.Equal(16, most);

        int Use()
        {
            InterlockedMax(ref most, Interlocked.Increment(ref used));
            release.Wait(Cancel);
            return Interlocked.Decrement(ref used);
        }
    }

    public void Dispose() => _pool.Dispose();

    private Task<LogCursor> CursorAsync(Guid log) => _pool.CursorAsync(Shop, log, End(8), cursor => cursor, Cancel);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = most; known < value; )
        {
            var before = Interlocked.CompareExchange(ref most, value, known);
            if (before == known)
                return;
            known = before;
        }
    }
}
