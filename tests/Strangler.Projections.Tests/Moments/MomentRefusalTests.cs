using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Tests.Applying;
using Strangler.Testing;
using Xunit;
using static Strangler.Projections.Tests.Moments.Questions;

namespace Strangler.Projections.Tests.Moments;

/// <summary>When a bracket can't be answered, and why.</summary>
public sealed class MomentRefusalTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<UndeterminedReason> ReasonAsync(MomentsBench bench, BracketQuestion question) =>
        Assert.IsType<BracketFound.Undetermined>(await bench.Moments.EvaluateAsync(question, Cancel)).Reason;

    [Fact]
    public async Task EvaluateAsync_WatermarkDoesNotPass_IsLateAndAWaitingQuestionIsWokenByTheStep()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        await bench.CatchUpAsync();
        var before = source.Look();
        await source.CommitAsync(Put(2));

        var waiting = bench.Moments.EvaluateAsync(Question(_time, before, source), Cancel).AsTask();
        await source.ProgressAsync();
        // one that is asked later has waited for its whole time when the first is looked at
        var late = await ReasonAsync(bench, Question(_time, before, source, Short));
        var early = waiting.IsCompleted;
        await bench.CatchUpAsync();
        var found = Assert.IsType<BracketFound.Evaluated>(await waiting.WaitAsync(Long, Cancel));

        Assert.Equal((UndeterminedReason.WatermarkLate, false), (late, early));
        Assert.Equal(2, found.Keys[0].Moments.Count);
        Assert.Equal(_time.GetUtcNow(), found.PassedAt);
    }

    [Fact]
    public async Task EvaluateAsync_CatalogueNotLookedAtBehindTheBracket_SaysNothing()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time) { LooksAtCatalogue = false };
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var question = Question(_time, source.Look(), source);
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        var never = await ReasonAsync(bench, question with { Wait = Short });
        source.LooksAtCatalogue = true;
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        Assert.Equal(UndeterminedReason.CatalogueMoved, never);
        Assert.True((await bench.EvaluateAsync(question)).Keys[0].Quiet);
    }

    /// <summary>
    /// For example a partition that was emptied: legacy's answer is right, and the mirror's content isn't.
    /// </summary>
    [Fact]
    public async Task EvaluateAsync_TableSaidToBeInDoubtInTheBracket_SaysNothingAndWhy()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var before = source.Look();
        await source.CommitAsync(SourceLog.Doubted(Stocks.Schema, "It was dropped."));

        var said = await AskAsync();
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 5)));
        var afterReading = await AskAsync();

        Assert.Equal(
            (
                UndeterminedReason.CatalogueMoved,
                "The table public.stock is in doubt, and is read again. It was dropped."
            ),
            (said.Reason, said.Detail)
        );
        Assert.Equal(UndeterminedReason.CatalogueMoved, afterReading.Reason);

        async Task<BracketFound.Undetermined> AskAsync()
        {
            var question = Question(_time, before, source);
            await source.ProgressAsync();
            await bench.CatchUpAsync();
            return Assert.IsType<BracketFound.Undetermined>(
                await bench.Moments.EvaluateAsync(question, TestContext.Current.CancellationToken)
            );
        }
    }

    [Fact]
    public async Task EvaluateAsync_TableInDoubtOrReadAgainInTheBracket_SaysNothing()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var before = source.Look();
        await source.CommitAsync(SourceLog.Described(Stocks.Schema with { InDoubt = true }));
        var inDoubt = await AskAsync(before);
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 5)));

        var afterReading = await AskAsync(before);
        var next = source.Look();
        await source.ProgressAsync();
        await bench.CatchUpAsync();
        var found = await bench.EvaluateAsync(Question(_time, next, source) with { After = next.End });

        Assert.Equal((UndeterminedReason.CatalogueMoved, UndeterminedReason.CatalogueMoved), (inDoubt, afterReading));
        Assert.Equal("""{"sku":"a","quantity":5,"note":null}""", Text(Assert.Single(found.Keys[0].Moments).Made));

        async Task<UndeterminedReason> AskAsync(SourceLook look)
        {
            var question = Question(_time, look, source);
            await source.ProgressAsync();
            await bench.CatchUpAsync();
            return await ReasonAsync(bench, question);
        }
    }

    [Fact]
    public async Task EvaluateAsync_BeforeHistoryAnotherEpochOrNotServed_SaysSo()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var before = source.Look();
        await source.CommitAsync(Put(2));
        var question = Question(_time, before, source);
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        await store.ExecuteAsync("update projections.checkpoint set kept_epoch = epoch, kept_commit = commit");
        var history = await ReasonAsync(bench, question);
        await store.ExecuteAsync("update projections.checkpoint set kept_epoch = null, kept_commit = null");
        var other = await ReasonAsync(bench, question with { Projection = new ProjectionId("Stocks", "v2") });
        var unknown = await ReasonAsync(bench, question with { Projection = new ProjectionId("Nothing", "v1") });
        await store.ExecuteAsync("update projections.build set state = 'stopped'");
        var stopped = await ReasonAsync(bench, question);
        await store.ExecuteAsync(
            "update projections.build set state = 'live'; update projections.checkpoint set fence = fence + 1"
        );
        var fenced = await ReasonAsync(bench, question);
        await store.ExecuteAsync("update projections.checkpoint set fence = fence - 1");
        var served = await bench.EvaluateAsync(question);
        _time.Advance(TimeSpan.FromMinutes(1));
        await source.NewEpochAsync((Stocks.Schema, [Stocks.Row("a", 7)]));
        await source.ProgressAsync();
        await source.ProgressAsync();
        var look = source.Look();
        await source.ProgressAsync();
        await bench.CatchUpAsync();
        var started = Question(_time, look, source) with { After = look.End, ClockFrom = question.ClockFrom };
        var epoch = await ReasonAsync(bench, started);
        var inTime = await bench.EvaluateAsync(started with { ClockFrom = _time.GetUtcNow() });

        Assert.Equal(UndeterminedReason.BeforeHistory, history);
        Assert.Equal(
            [
                UndeterminedReason.NotServed,
                UndeterminedReason.NotServed,
                UndeterminedReason.NotServed,
                UndeterminedReason.NotServed,
            ],
            [other, unknown, stopped, fenced]
        );
        Assert.Equal(2, served.Keys[0].Moments.Count);
        Assert.Equal(UndeterminedReason.EpochChanged, epoch);
        Assert.True(inTime.Keys[0].Quiet);
    }

    [Fact]
    public async Task EvaluateAsync_MoreThan64Moments_IsTooMany()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 0), Stocks.Row("b", 0)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var before = source.Look();
        for (var commit = 1; commit <= 63; commit++)
            await source.CommitAsync(Put(commit));
        var most = Question(_time, before, source);
        await source.CommitAsync(Put(64));
        var more = Question(_time, before, source);
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        Assert.Equal(64, (await bench.EvaluateAsync(most)).Keys[0].Moments.Count);
        Assert.Equal(UndeterminedReason.TooManyMoments, await ReasonAsync(bench, more));
        Assert.True((await bench.EvaluateAsync(more with { Keys = ["b"] })).Keys[0].Quiet);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("snapshot")]
    [InlineData("floor")]
    [InlineData("after")]
    [InlineData("clocks")]
    public async Task EvaluateAsync_MalformedQuestion_IsRefusedWithASentence(string part)
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, []));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var right = Question(_time, source.Look(), source);
        var question = part switch
        {
            "keys" => right with { Keys = ["a", "a"] },
            "snapshot" => right with { Before = right.Before with { Snapshot = "1:2" } },
            "floor" => right with { Before = right.Before with { Floor = default } },
            "after" => right with { After = default },
            _ => right with { ClockTo = right.ClockFrom.AddSeconds(-1) },
        };

        await Assert.ThrowsAsync<ArgumentException>(() => bench.Moments.EvaluateAsync(question, Cancel).AsTask());
    }
}
