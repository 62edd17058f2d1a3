using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Configuration;
using Strangler.Projections.Moments;
using Strangler.Projections.Tests.Moments;
using Strangler.Testing;
using Xunit;
using static Strangler.Projections.Tests.Moments.Questions;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// A key for which f asks legacy is never a document and never absent, whatever happens to the store.
/// </summary>
public sealed class AskLegacyTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StepAsync_FAsksLegacy_IsAMissWithItsReasonUntilFKnowsTheAnswer()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", -1), Stocks.Row("b", 1)]));
        using var applier = await store.OpenAsync(source.Log, _time, [UnsureStocks.Model()]);
        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["quantity -1", "document", "absent"], await FoundAsync(store, "a", "b", "c"));
        await ChangeAsync(2);
        Assert.Equal(["document"], await FoundAsync(store, "a"));
        await ChangeAsync(-2);
        Assert.Equal(["quantity -2"], await FoundAsync(store, "a"));
        await ChangeAsync(-3);
        Assert.Equal(["quantity -3"], await FoundAsync(store, "a"));
        await source.CommitAsync([.. SourceLog.Delete(Stocks.Schema, Stocks.Row("a", 0).Key)]);
        await TestStore.CatchUpAsync(applier);
        Assert.Equal(["absent", "document"], await FoundAsync(store, "a", "b"));

        async Task ChangeAsync(int quantity)
        {
            var (key, row) = Stocks.Row("a", quantity);
            await source.CommitAsync(SourceLog.Update(Stocks.Schema, key, row));
            await TestStore.CatchUpAsync(applier);
        }
    }

    [Fact]
    public async Task StepAsync_FAsksLegacyUntilATime_IsComputedAgainThen()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", -1, "\"later\"")]));
        using var applier = await store.OpenAsync(source.Log, _time, [UnsureStocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        var due = await DueAsync();

        _time.Advance(UnsureStocks.Pause);
        await TestStore.CatchUpAsync(applier);

        Assert.Equal(due + UnsureStocks.Pause, await DueAsync());
        Assert.Equal("for now", await store.ScalarAsync<string>("select ask_legacy from projections.document"));

        Task<DateTime> DueAsync() => store.ScalarAsync<DateTime>("select recompute_at from projections.document");
    }

    /// <summary>What an absent key leaves behind is deleted some day. A key of legacy isn't absent.</summary>
    [Fact]
    public async Task StepAsync_LongAfterwardAndInAnotherVersion_LegacyIsStillAsked()
    {
        var options = new ApplierOptions { HistoryRetention = TimeSpan.FromHours(1) };
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", -1), Stocks.Row("b", 0), Stocks.Row("gone", 0)]));
        var applier = await store.OpenAsync(source.Log, _time, [UnsureStocks.Model()], options);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync([.. SourceLog.Delete(Stocks.Schema, Stocks.Row("gone", 0).Key)]);
        for (var hour = 1; hour <= 4; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            var (key, row) = Stocks.Row("b", hour);
            await source.CommitAsync(SourceLog.Update(Stocks.Schema, key, row));
            await TestStore.CatchUpAsync(applier);
        }
        var kept = await store.QueryAsync<string>("select key from projections.document order by key");
        var swept = await FoundAsync(store, "a", "gone");
        applier.Dispose();

        using var again = await store.OpenAsync(source.Log, _time, [UnsureStocks.Model("v2")], options);
        await TestStore.CatchUpAsync(again);

        Assert.Equal(["a", "b"], kept);
        Assert.Equal(["quantity -1", "absent"], swept);
        Assert.Equal(["quantity -1", "absent"], await FoundInAsync(store, "v2", "a", "gone"));
    }

    /// <summary>A store of the program before has documents without the column.</summary>
    [Fact]
    public async Task FindAsync_DocumentsWrittenBefore_AreFoundAsTheyWere()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        using var applier = await store.OpenAsync(source.Log, _time, [UnsureStocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await store.ExecuteAsync("alter table projections.document drop column ask_legacy");
        var script = typeof(ProjectionsSchema).Assembly.GetManifestResourceNames().Single(IsScript);
        using var reader = new StreamReader(typeof(ProjectionsSchema).Assembly.GetManifestResourceStream(script)!);
        await store.ExecuteAsync(await reader.ReadToEndAsync(Cancel));

        Assert.Equal(["document", "absent"], await FoundAsync(store, "a", "b"));

        static bool IsScript(string name) => name.EndsWith("008-ask-legacy.sql", StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateAsync_FAsksLegacyAtSomeMoments_IsSaidOfThoseAlone()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", -1), Stocks.Row("b", -2)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [UnsureStocks.Model()]);
        await bench.CatchUpAsync();
        var before = source.Look();
        var (key, row) = Stocks.Row("a", 7);
        await source.CommitAsync(SourceLog.Update(Stocks.Schema, key, row));
        var question = Question(_time, before, source, projection: "UnsureStocks") with { Keys = ["a", "b"] };
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        var keys = (await bench.EvaluateAsync(question with { Diagnose = true, Mixes = true })).Keys;

        Assert.Equal(
            [new Made.AskLegacy("quantity -1"), new Made.AskLegacy("quantity -2")],
            [keys[0].Moments[0].Made, Assert.Single(keys[1].Moments).Made]
        );
        Assert.IsType<Made.Document>(keys[0].Moments[1].Made);
        Assert.Equal((true, null), (keys[1].Quiet, keys[1].Engine));
    }

    [Fact]
    public void WireOutcome_AskLegacy_ComesBackAndIsNothingThatAnOlderReaderTakesForAbsent()
    {
        var wire = WireOutcome.Of(new Made.AskLegacy("unsure"));

        Assert.Equal(new Made.AskLegacy("unsure"), wire.ToMade());
        Assert.NotNull(wire.Threw);
    }

    [Fact]
    public void AskLegacy_AnyReason_IsOneShortLineOrRefused()
    {
        Assert.Equal("two lines", Projected<StockDocument>.AskLegacy(" two\nlines ").LegacyReason);
        Assert.Equal(new string('a', 64), Answer.AskLegacy(new string('a', 65)).LegacyReason);
        Assert.Equal(63, Answer.AskLegacy(new string('a', 63) + "\U0001F600").LegacyReason!.Length);
        Assert.Throws<ArgumentException>(() => Answer.AskLegacy("\t"));
        Assert.Throws<ArgumentException>(() => Projected<StockDocument>.AskLegacy(""));
        Assert.Null(Projected<StockDocument>.Absent.LegacyReason);
    }

    private Task<IReadOnlyList<string>> FoundAsync(TestStore store, params string[] keys) =>
        FoundInAsync(store, "v1", keys);

    private async Task<IReadOnlyList<string>> FoundInAsync(TestStore store, string version, params string[] keys)
    {
        var answers = new StoreAnswers(store.Store, _time) { Patience = TimeSpan.FromMinutes(1) };
        var lookup = await answers.FindAsync(new ProjectionId("UnsureStocks", version), keys, Cancel);
        return
        [
            .. lookup.Found.Select(found =>
                found switch
                {
                    Found.Document => "document",
                    Found.Absent => "absent",
                    Found.Miss { Reason: MissReason.AskLegacy, LegacyReason: { } reason } => reason,
                    _ => found.ToString(),
                }
            ),
        ];
    }
}
