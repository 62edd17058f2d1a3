using System.Globalization;
using Strangler.Projections.Tests.Applying;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>Measures, and asserts only that everything was answered. Its figures are in docs/measurements.md.</summary>
public sealed class MomentsThroughputTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Theory]
    [Trait("Category", "Long")]
    [InlineData("quiet", 1)]
    [InlineData("busy", 1)]
    [InlineData("quiet", 100)]
    [InlineData("busy", 100)]
    public async Task EvaluateAsync_ManyQuestionsAtOnce_AreMeasured(string kind, int keys)
    {
        const int Items = 2_000,
            AtOnce = 8;
        var questions = keys == 1 ? 2_000 : 100;
        var time = TimeProvider.System;
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(time);
        await source.SnapshotAsync((Stocks.Schema, [.. Enumerable.Range(0, Items).Select(item => Row(item, 0))]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, time, [Stocks.Model()]);
        await bench.CatchUpAsync();
        for (var round = 1; round <= 5; round++)
            await source.CommitAsync([
                .. Enumerable
                    .Range(0, Items)
                    .Select(item => SourceLog.Update(Stocks.Schema, Row(item, round).Key, Row(item, round).Row)),
            ]);
        await bench.CatchUpAsync();
        var (before, clock) = (source.Look(), time.GetUtcNow());
        for (var round = 6; round <= 8; round++)
            await source.CommitAsync([
                .. Enumerable
                    .Range(0, Items / 2)
                    .Select(item => SourceLog.Update(Stocks.Schema, Row(item, round).Key, Row(item, round).Row)),
            ]);
        var after = source.InsertLsn;
        await source.ProgressAsync();
        await bench.CatchUpAsync();
        var from = kind == "busy" ? 0 : Items / 2;
        var moments = 0;

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(worker => RunAsync(worker, 50)));
        var begin = time.GetTimestamp();
        moments = 0;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(worker => RunAsync(worker, questions / AtOnce)));
        var elapsed = time.GetElapsedTime(begin);

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}, {keys} keys a question: {questions / elapsed.TotalSeconds:N0} questions/s, "
                    + $"{keys * questions / elapsed.TotalSeconds:N0} keys/s"
            )
        );
        Assert.Equal(questions / AtOnce * AtOnce * keys * (kind == "busy" ? 4 : 1), moments);

        Task RunAsync(int worker, int count) =>
            Task.Run(async () =>
            {
                var random = new Random(worker);
                for (var asked = 0; asked < count; asked++)
                {
                    var first = from + random.Next((Items / 2) - keys);
                    var found = await bench.EvaluateAsync(
                        new BracketQuestion(
                            new ProjectionId("Stocks", "v1"),
                            [.. Enumerable.Range(first, keys).Select(Name)],
                            before,
                            after,
                            clock,
                            clock,
                            TimeSpan.FromSeconds(30)
                        )
                    );
                    Interlocked.Add(ref moments, found.Keys.Sum(key => key.Moments.Count));
                }
            });
    }

    private static string Name(int item) => item.ToString("D6", CultureInfo.InvariantCulture);

    private static (string Key, string Row) Row(int item, int quantity) => Stocks.Row(Name(item), quantity);
}
