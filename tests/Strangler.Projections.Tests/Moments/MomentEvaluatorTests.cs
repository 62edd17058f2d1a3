using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Declaring;
using Strangler.Projections.Tests.Applying;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;
using static Strangler.Projections.Tests.Moments.Questions;

namespace Strangler.Projections.Tests.Moments;

/// <summary>Answers for keys: clocks, faults of the engine, mixes, and an f that throws or hangs.</summary>
public sealed class MomentEvaluatorTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EvaluateAsync_ManyAtOnce_EachGetsItsOwnKeysWhoeverAsksBesides()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var keys = Enumerable.Range(0, 40).Select(number => $"k{number}").ToList();
        await source.SnapshotAsync((Stocks.Schema, [.. keys.Select((key, quantity) => Stocks.Row(key, quantity))]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        await bench.CatchUpAsync();
        var question = Question(_time, source.Look(), source);
        await source.ProgressAsync();
        await bench.CatchUpAsync();
        var alone = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keys)
            alone[key] = Text(
                (await bench.EvaluateAsync(question with { Keys = [key] })).Keys.Single().Moments.Single().Made
            );

        for (var round = 0; round < 20; round++)
        {
            var asked = Enumerable
                .Range(0, 300)
                .Select(number => (IReadOnlyList<string>)[keys[number % 40], keys[(number + round + 1) % 40]])
                .ToList();
            var found = await Task.WhenAll(
                asked.Select(two => Task.Run(() => bench.EvaluateAsync(question with { Keys = two }), Cancel))
            );

            Assert.Equal(asked, found.Select(one => one.Keys.Select(key => key.Key)));
            Assert.All(
                found.SelectMany(one => one.Keys),
                key => Assert.Equal(alone[key.Key], Text(key.Moments.Single().Made))
            );
        }
        Assert.Equal(40, alone.Values.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task EvaluateAsync_AnswerThatChangesByItself_HasAMomentForEachClockAndIsQuietBetween()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var now = _time.GetUtcNow().AddMinutes(5);
        await source.SnapshotAsync((Offers.Schema, [Offers.Row("a", now.AddMinutes(10))]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Offers.Model()]);
        _time.SetUtcNow(now);
        await bench.CatchUpAsync();
        var question = Question(_time, source.Look(), source, projection: "Offers");
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        var over = (
            await bench.EvaluateAsync(question with { ClockFrom = now.AddMinutes(9), ClockTo = now.AddMinutes(11) })
        ).Keys[0];
        var open = (
            await bench.EvaluateAsync(question with { ClockFrom = now.AddMinutes(-1), ClockTo = now.AddMinutes(9) })
        ).Keys[0];
        var stale = (
            await bench.EvaluateAsync(question with { ClockFrom = now.AddMinutes(10), ClockTo = now.AddMinutes(20) })
        ).Keys[0];

        Assert.False(over.Quiet);
        Assert.Equal(
            [
                ("""{"sku":"a","state":"open"}""", now.AddMinutes(9)),
                ("""{"sku":"a","state":"stale"}""", now.AddMinutes(10)),
            ],
            over.Moments.Select(moment => (Text(moment.Made), moment.Clock))
        );
        Assert.Equal((true, """{"sku":"a","state":"open"}"""), (open.Quiet, Text(Assert.Single(open.Moments).Made)));
        Assert.Equal((true, """{"sku":"a","state":"stale"}"""), (stale.Quiet, Text(Assert.Single(stale.Moments).Made)));
    }

    [Fact]
    public async Task EvaluateAsync_StoredDocumentIsNotF_IsComparedAsStoredAndDiagnosed()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        var question = Question(_time, source.Look(), source) with { Keys = ["a", "b", "c"] };
        await source.ProgressAsync();
        await bench.CatchUpAsync();
        await store.ExecuteAsync("update projections.document set bytes = '{}' where key = 'a'");

        var plain = (await bench.EvaluateAsync(question)).Keys;
        var diagnosed = (await bench.EvaluateAsync(question with { Diagnose = true })).Keys;

        Assert.Equal(["{}", "{}"], [Text(plain[0].Moments[0].Made), Text(diagnosed[0].Moments[0].Made)]);
        Assert.Equal("""{"sku":"a","quantity":1,"note":null}""", Text(diagnosed[0].Engine!));
        Assert.All([plain[0], plain[1], plain[2], diagnosed[1], diagnosed[2]], key => Assert.Null(key.Engine));
    }

    [Fact]
    public async Task EvaluateAsync_FHangsOrThrowsAtAMoment_IsSaidOfThatKeyAndTheApplierGoesOn()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        using var release = new ManualResetEventSlim();
        var (inner, hangs) = (Stocks.Model(), false);
        var model = new ProjectionModel
        {
            Id = inner.Id,
            Tables = inner.Tables,
            Canonical = inner.Canonical,
            Responder = inner.Responder,
            Compute = (key, rows, now) =>
            {
                if (Volatile.Read(ref hangs) && key == "a")
                    release.Wait();
                if (Volatile.Read(ref hangs) && key == "b")
                    throw new InvalidOperationException("b is not liked.");
                return inner.Compute(key, rows, now);
            },
        };
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 1), Stocks.Row("c", 1)]));
        await using var bench = await MomentsBench.OpenAsync(
            store,
            source.Log,
            _time,
            [model],
            limit: TimeSpan.FromMilliseconds(500) // of questions: the applier has compiled f before
        );
        var before = source.Look();
        await source.CommitAsync(Put(2, "a"), Put(2, "b"), Put(2, "c"));
        var question = Question(_time, before, source) with { Keys = ["a", "b", "c"] };
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        Volatile.Write(ref hangs, true);
        var found = await bench.EvaluateAsync(question);
        var full = await Assert.ThrowsAsync<MomentsUnavailableException>(async () =>
        {
            for (var again = 0; again < 8; again++)
                await bench.EvaluateAsync(question);
        });
        release.Set();
        Volatile.Write(ref hangs, false);
        await source.CommitAsync(Put(3, "a"));
        await bench.CatchUpAsync();

        Assert.All(
            found.Keys[0].Moments,
            moment =>
                Assert.Contains(
                    "did not answer for the key 'a'",
                    Assert.IsType<Made.Threw>(moment.Made).Error,
                    StringComparison.Ordinal
                )
        );
        Assert.All(
            found.Keys[1].Moments,
            moment =>
                Assert.Contains(
                    "b is not liked",
                    Assert.IsType<Made.Threw>(moment.Made).Error,
                    StringComparison.Ordinal
                )
        );
        Assert.Equal("""{"sku":"c","quantity":2,"note":null}""", Text(found.Keys[2].Moments[1].Made));
        Assert.Contains("do not return", full.Message, StringComparison.Ordinal);
        Assert.Contains("\"quantity\":3", (await store.DocumentsAsync("Stocks"))["a"], StringComparison.Ordinal);
        while (true)
        {
            try
            {
                Assert.Equal(
                    """{"sku":"a","quantity":2,"note":null}""",
                    Text((await bench.EvaluateAsync(question)).Keys[0].Moments[1].Made)
                );
                return;
            }
            catch (MomentsUnavailableException)
            {
                Cancel.ThrowIfCancellationRequested(); // the released threads are still finishing
            }
        }
    }

    [Fact]
    public async Task EvaluateAsync_RowsReadAtSeveralMoments_AreAmongTheMixes()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var shape = new Shape([
            [new HopShape(0, null, 0)],
        ]);
        var history = new ShapeHistory(shape, source);
        await history.SnapshotAsync([new(0, 1, [1, 0, 0]), new(0, 2, [1, 0, 0]), new(0, 3, [2, 0, 0])]);
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [shape.Model()]);
        var before = source.Look();
        await history.CommitAsync([new(0, 1, [1, 1, 0])]);
        await history.CommitAsync([new(0, 2, [2, 0, 0])]); // moves to another key
        var question = Question(_time, before, source, projection: "Shape", key: "1");
        await source.ProgressAsync();
        await bench.CatchUpAsync();

        var plain = (await bench.EvaluateAsync(question)).Keys[0];
        var mixed = (await bench.EvaluateAsync(question with { Mixes = true, Keys = ["1", "3"] })).Keys;

        Assert.Empty(plain.Mixes);
        Assert.Equal(
            ["1:1(1,0,0);2(1,0,0)", "1:1(1,1,0);2(1,0,0)", "1:1(1,1,0)"],
            mixed[0].Moments.Select(moment => Text(moment.Made))
        );
        // the first row's version before, the second row's after
        Assert.Equal(["1:1(1,0,0)"], mixed[0].Mixes.Select(Text));
        Assert.Empty(mixed[1].Mixes);
    }
}
