using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Declaring;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// Events of tables beyond row changes: values that weren't sent, new epochs, catalogues that no longer fit.
/// </summary>
public sealed class TableTests(PostgresFixture postgres)
{
    private const string NotSent = "\"__debezium_unavailable_value\"";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(5_000)]
    [InlineData(1)]
    public async Task StepAsync_ValueNotSent_IsTakenFromTheVersionBeforeAlsoUnderAChangedKey(int page)
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1, "\"long\""), Stocks.Row("b", 2, "\"longer\"")]));
        await source.CommitAsync(
            SourceLog.Update(Stocks.Schema, Stocks.Row("a", 5).Key, Stocks.Row("a", 5, NotSent).Row)
        );
        await source.CommitAsync(
            SourceLog.ChangeKey(
                Stocks.Schema,
                Stocks.Row("b", 0).Key,
                Stocks.Row("c", 0).Key,
                Stocks.Row("c", 6, NotSent).Row
            )
        );
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [Stocks.Model()],
            new() { Read = new(page, 1 << 20) }
        );

        await TestStore.CatchUpAsync(applier);

        var documents = await store.DocumentsAsync("Stocks");
        Assert.Equal(
            ["""{"sku":"a","quantity":5,"note":"long"}""", """{"sku":"c","quantity":6,"note":"longer"}"""],
            documents.OrderBy(one => one.Key).Select(one => one.Value)
        );
    }

    /// <summary>The placeholder is ordinary text if the log says which columns weren't sent.</summary>
    [Fact]
    public async Task StepAsync_PlaceholderTypedByAUser_ReachesTheDocument()
    {
        const string Typed = NotSent;
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync(
            (Stocks.Schema, [Stocks.Row("a", 1, "\"long\""), Stocks.Row("b", 1, "\"long\""), Stocks.Row("c", 1)])
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        // a: typed; b: typed, then not sent with another column's change, then under another key; d: a new row.
        await source.CommitAsync(
            SourceLog.Lacking(
                SourceLog.Update(Stocks.Schema, Stocks.Row("a", 0).Key, Stocks.Row("a", 2, Typed).Row),
                "[]"
            )
        );
        await source.CommitAsync(
            SourceLog.Lacking(
                SourceLog.Update(Stocks.Schema, Stocks.Row("b", 0).Key, Stocks.Row("b", 2, Typed).Row),
                "[]"
            )
        );
        await source.CommitAsync(
            SourceLog.Lacking(
                SourceLog.Update(Stocks.Schema, Stocks.Row("b", 0).Key, Stocks.Row("b", 3, NotSent).Row),
                "[\"note\"]"
            )
        );
        var moved = SourceLog.ChangeKey(
            Stocks.Schema,
            Stocks.Row("b", 0).Key,
            Stocks.Row("e", 0).Key,
            Stocks.Row("e", 4, NotSent).Row
        );
        await source.CommitAsync([.. moved[..2], SourceLog.Lacking(moved[2], "[\"note\",\"unread\"]")]);
        await source.CommitAsync(
            SourceLog.Lacking(
                SourceLog.Insert(Stocks.Schema, Stocks.Row("d", 0).Key, Stocks.Row("d", 5, Typed).Row),
                "[]"
            )
        );

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(
            [
                """{"sku":"a","quantity":2,"note":"__debezium_unavailable_value"}""",
                """{"sku":"c","quantity":1,"note":null}""",
                """{"sku":"d","quantity":5,"note":"__debezium_unavailable_value"}""",
                """{"sku":"e","quantity":4,"note":"__debezium_unavailable_value"}""",
            ],
            (await store.DocumentsAsync("Stocks")).OrderBy(one => one.Key).Select(one => one.Value)
        );
    }

    [Fact]
    public async Task StepAsync_ValueNotSentAndNowhereKept_StopsTheProjectionUntilTheTableIsReadAgain()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await source.CommitAsync(
            SourceLog.Insert(Stocks.Schema, Stocks.Row("x", 5).Key, Stocks.Row("x", 5, NotSent).Row)
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);

        await TestStore.CatchUpAsync(applier);
        var problem = await store.ScalarAsync<string>("select problem from projections.build where state = 'stopped'");
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(again);
        var unread = await store.DocumentsAsync("Stocks");
        await source.RereadAsync(SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 1), Stocks.Row("x", 5, "\"long\"")));
        await TestStore.CatchUpAsync(again);
        using var last = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(last);

        Assert.Contains("was not sent", problem, StringComparison.Ordinal);
        Assert.Empty(unread);
        Assert.Contains("long", (await store.DocumentsAsync("Stocks"))["x"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StepAsync_ColumnComesBack_ReturnsTheProjectionOnceItsTableHasBeenRead()
    {
        var without = Stocks.Schema with { InDoubt = true, Columns = [.. Stocks.Schema.Columns.Take(2)] };
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 1)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync(SourceLog.Described(without));
        await source.RereadAsync(SourceLog.Reading(without with { InDoubt = false }, Short("a", 1), Short("b", 1)));
        var lost = await applier.StepAsync(TestContext.Current.CancellationToken);
        await source.CommitAsync(SourceLog.Update(without, Short("a", 2).Key, Short("a", 2).Row));
        await source.CommitAsync(SourceLog.Described(Stocks.Schema with { InDoubt = true }));
        var inDoubt = await applier.StepAsync(TestContext.Current.CancellationToken);
        var read = await source.RereadAsync(
            SourceLog.Reading(Stocks.Schema, Stocks.Row("a", 2, "\"new\""), Stocks.Row("b", 1))
        );

        var returns = await applier.StepAsync(TestContext.Current.CancellationToken);
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(again);

        Assert.Equal((false, false, true), (lost.Returns, inDoubt.Returns, returns.Returns));
        Assert.Equal(
            ["""{"sku":"a","quantity":2,"note":"new"}""", """{"sku":"b","quantity":1,"note":null}"""],
            (await store.DocumentsAsync("Stocks")).OrderBy(one => one.Key).Select(one => one.Value)
        );
        // The versions without the column can't be linked: the past that can be read begins after them.
        Assert.Equal(
            read.Commit.ToString(),
            await store.ScalarAsync<string>("select kept_commit::text from projections.checkpoint")
        );

        static (string Key, string Row) Short(string sku, int quantity) =>
            ($$"""{"sku":"{{sku}}"}""", $$"""{"sku":"{{sku}}","quantity":{{quantity}}}""");
    }

    /// <summary>
    /// A build records the code that made it; a build that an earlier program began records it once it continues.
    /// </summary>
    [Fact]
    public async Task OpenAsync_BuildOfAProgramThatDidNotNoteItsCode_IsNotedAndKept()
    {
        var code = new ProjectionCode("c0de", "ICU 72");
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        using var before = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(before);
        var answers = new StoreAnswers(store.Store, _time) { Patience = TimeSpan.FromMinutes(1) };

        var unknown = await answers.BuildAsync("Stocks", TestContext.Current.CancellationToken);
        using var noted = await store.OpenAsync(
            source.Log,
            _time,
            [ProjectionModelBuilder.Build(typeof(Stocks), "v1", code)]
        );
        var known = await answers.BuildAsync("Stocks", TestContext.Current.CancellationToken);
        using var other = await store.OpenAsync(
            source.Log,
            _time,
            [ProjectionModelBuilder.Build(typeof(Stocks), "v2", code with { Cultures = "invariant" })]
        );
        var begun = await answers.BuildAsync("Stocks", TestContext.Current.CancellationToken);

        Assert.Equal(("v1", null), (unknown!.Version, unknown.Code));
        Assert.Equal(("v1", code), (known!.Version, known.Code));
        Assert.Equal(("v2", code with { Cultures = "invariant" }), (begun!.Version, begun.Code));
        Assert.Equal(1, await store.ScalarAsync<long>("select count(*) from projections.build where version = 'v1'"));
    }

    [Fact]
    public async Task StepAsync_ColumnOfARowTypeIsGone_StopsTheProjectionAndAStartBuildsItAgainOnceItFits()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync(
            SourceLog.Described(Stocks.Schema with { Columns = [.. Stocks.Schema.Columns.Take(2)] })
        );
        await TestStore.CatchUpAsync(applier);
        var problem = await store.ScalarAsync<string>("select problem from projections.build where state = 'stopped'");
        using (var still = await store.OpenAsync(source.Log, _time, [Stocks.Model()]))
            await TestStore.CatchUpAsync(still);
        var stillStopped = await store.ScalarAsync<long>(
            "select count(*) from projections.build where state = 'stopped'"
        );
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await source.CommitAsync([
            SourceLog.Described(Stocks.Schema),
            SourceLog.Update(Stocks.Schema, Stocks.Row("a", 2).Key, Stocks.Row("a", 2).Row),
        ]);
        await TestStore.CatchUpAsync(again);

        using var last = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(last);

        Assert.Contains("note", problem, StringComparison.Ordinal);
        Assert.Equal(1, stillStopped);
        Assert.Equal(["""{"sku":"a","quantity":2,"note":null}"""], (await store.DocumentsAsync("Stocks")).Values);
    }

    [Fact]
    public async Task StepAsync_TableThatTheLogDoesNotHave_StopsTheProjection()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Offers.Schema, []));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model(), Offers.Model()]);

        await TestStore.CatchUpAsync(applier);

        Assert.Contains(
            "public.stock",
            await store.ScalarAsync<string>("select problem from projections.build where state = 'stopped'"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["Offers"],
            await store.QueryAsync<string>("select projection from projections.build where state = 'live'")
        );
    }

    [Fact]
    public async Task StepAsync_NewEpoch_EndsRowsThatItsSnapshotDoesNotHave()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2)]));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        await source.NewEpochAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("d", 9)]));

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["a", "d"], (await store.DocumentsAsync("Stocks")).Keys.Order());
        Assert.Equal(2, applier.Checkpoint.Position.Epoch);
    }

    [Fact]
    public async Task StepAsync_NewEpochWithoutATable_StopsWhatReadsItInsteadOfServingWhatItOnceHeld()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync(
            (Stocks.Schema, [Stocks.Row("a", 1)]),
            (Offers.Schema, [Offers.Row("a", _time.GetUtcNow().AddDays(9))])
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model(), Offers.Model()]);
        await TestStore.CatchUpAsync(applier);
        // one page holds both epochs
        await source.CommitAsync(SourceLog.Update(Stocks.Schema, Stocks.Row("a", 2).Key, Stocks.Row("a", 2).Row));
        await source.NewEpochAsync((Stocks.Schema, [Stocks.Row("a", 3)]));

        await TestStore.CatchUpAsync(applier);
        var problem = await store.ScalarAsync<string>(
            "select problem from projections.build where projection = 'Offers' and state = 'stopped'"
        );
        await source.NewEpochAsync(
            (Stocks.Schema, [Stocks.Row("a", 4)]),
            (Offers.Schema, [Offers.Row("b", _time.GetUtcNow().AddDays(9))])
        );
        var step = await applier.StepAsync(TestContext.Current.CancellationToken);
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model(), Offers.Model()]);
        await TestStore.CatchUpAsync(again);

        Assert.Contains("knows nothing of public.offer", problem, StringComparison.Ordinal);
        Assert.True(step.Returns);
        Assert.Equal(["""{"sku":"a","quantity":4,"note":null}"""], (await store.DocumentsAsync("Stocks")).Values);
        Assert.Equal(["b"], (await store.DocumentsAsync("Offers")).Keys);
    }
}
