using System.Globalization;
using Strangler.Projections.Configuration;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>Measures, and asserts only that everything was applied. Its figures are in docs/measurements.md.</summary>
public sealed class ThroughputTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public async Task StepAsync_UpdatesOfOneRowEach_AreMeasured(int batch)
    {
        const int Items = 20_000;
        var changes = Math.Min(40_000, batch * 400);
        var time = TimeProvider.System;
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(time);
        await source.SnapshotAsync((Stocks.Schema, [.. Enumerable.Range(0, Items).Select(index => Row(index, 0))]));
        using var applier = await store.OpenAsync(
            source.Log,
            time,
            [Stocks.Model()],
            new ApplierOptions { Read = new(batch, 16 << 20) }
        );
        await TestStore.CatchUpAsync(applier);
        var random = new Random(1);
        var applied = 0;
        var elapsed = TimeSpan.Zero;
        for (var round = 0; applied < changes; round++)
        {
            for (var index = 0; index < batch; index++)
            {
                var (key, row) = Row(random.Next(Items), round + 1);
                await source.CommitAsync(SourceLog.Update(Stocks.Schema, key, row));
            }
            var begin = time.GetTimestamp();
            while (applier.Checkpoint.Position < source.End)
                applied += (await applier.StepAsync(TestContext.Current.CancellationToken)).Records;
            elapsed += time.GetElapsedTime(begin);
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"batches of {batch}: {applied / elapsed.TotalSeconds:N0} changes/s, "
                    + $"{elapsed.TotalMilliseconds * batch / applied:N1} ms a batch"
            )
        );
        Assert.Equal(source.End, applier.Checkpoint.Position);
    }

    private static (string Key, string Row) Row(int item, int quantity) =>
        Stocks.Row(item.ToString("D6", CultureInfo.InvariantCulture), quantity);
}
