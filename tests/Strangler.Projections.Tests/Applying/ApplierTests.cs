using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class ApplierTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_OneTableOneKey_TheCommittedRowBecomesTheDocument()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        var (key, row) = Stocks.Row("a", 7);
        var end = await source.CommitAsync([
            SourceLog.Update(Stocks.Schema, key, row),
            .. SourceLog.Delete(Stocks.Schema, """{"sku":"b"}"""),
            SourceLog.Insert(Stocks.Schema, """{"sku":"c"}""", Stocks.Row("c", 3).Row),
        ]);

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(end, applier.Checkpoint.Position);
        var documents = await store.DocumentsAsync("Stocks");
        Assert.Equal(
            ["""{"sku":"a","quantity":7,"note":null}""", """{"sku":"c","quantity":3,"note":null}"""],
            documents.OrderBy(one => one.Key).Select(one => one.Value)
        );
        Assert.Null(await store.ScalarAsync<byte[]?>("select bytes from projections.document where key = 'b'"));
    }

    [Fact]
    public async Task StepAsync_SecondApplierOnTheSameSource_FencesTheFirst()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        using var first = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(first);
        using var second = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await source.CommitAsync(SourceLog.Update(Stocks.Schema, Stocks.Row("a", 2).Key, Stocks.Row("a", 2).Row));

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            first.StepAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("Another applier", fault.Message, StringComparison.Ordinal);
        Assert.Contains("\"quantity\":1", (await store.DocumentsAsync("Stocks"))["a"], StringComparison.Ordinal);
        await TestStore.CatchUpAsync(second);
        Assert.Contains("\"quantity\":2", (await store.DocumentsAsync("Stocks"))["a"], StringComparison.Ordinal);
    }
}
