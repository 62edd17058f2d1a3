using Strangler.CdcBridge.Replication;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

public sealed class StreamEndTests(PostgresFixture postgres)
{
    /// <summary>Longer than the limit for a stream to end by itself, and then to be terminated.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// A cancellation that reaches the server before the stream has begun is lost. A few in a thousand did.
    /// </summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task DisposeAsync_WheneverWhileTheStreamBegins_EndsAndLeavesTheSlot()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create publication p for all tables");
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        var random = new Random(1);
        for (var round = 0; round < 1_000; round++)
        {
            var stream = await ReplicationStream.OpenAsync(
                source.Data,
                source.ConnectionString,
                source.Slot,
                "p",
                null,
                Cancel
            );
            var next = stream.MoveNextAsync().AsTask();
            var (until, began) = (TimeSpan.FromMicroseconds(random.Next(6_000)), TimeProvider.System.GetTimestamp());
            while (TimeProvider.System.GetElapsedTime(began) < until)
                Thread.Yield();

            await stream.DisposeAsync().AsTask().WaitAsync(Limit, Cancel);

            Assert.True(next.IsCompleted, $"round {round}, ended {until.TotalMicroseconds} us after it began");
        }
        await source.ScalarAsync<object>($"select pg_drop_replication_slot('{source.Slot}')");
    }
}
