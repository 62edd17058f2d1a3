using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.Projections.Tests.Applying;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>
/// Compares the explanation of a key's document with the model: every row's last change undone, one at a time.
/// </summary>
public sealed class ExplainTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    private static readonly Gen<(Shape Shape, TestChange[] Rows, TestChange[][] Transactions, int Seed)> Cases =
        ShapeGens.Shapes.SelectMany(shape =>
            Gen.Select(
                ShapeGens.Changes(shape.Tables.Count).Array[0, 12],
                ShapeGens.Changes(shape.Tables.Count).Array[1, 4].Array[1, 12],
                Gen.Int,
                (rows, transactions, seed) =>
                    (
                        shape,
                        rows,
                        transactions
                            .Select(changes => changes.DistinctBy(change => (change.Table, change.Id)).ToArray())
                            .ToArray(),
                        seed
                    )
            )
        );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExplainAsync_AnyHistory_NamesEveryLastChangeWithoutWhichTheDocumentWouldBeAnother()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        var changes = 0;

        await Cases.SampleAsync(
            async one =>
            {
                await store.ResetAsync();
                await using var source = new SourceLog(_time);
                var history = new ShapeHistory(one.Shape, source);
                await history.SnapshotAsync(one.Rows);
                await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [one.Shape.Model()]);
                foreach (var transaction in one.Transactions)
                    await history.CommitAsync(transaction);
                await bench.CatchUpAsync();
                var random = new Random(one.Seed);
                for (var asked = 0; asked < 4; asked++)
                {
                    var (index, key) = (random.Next(history.States.Count), $"{random.Next(4)}");

                    var known = Assert.IsType<Explained.Known>(
                        await bench.Moments.ExplainAsync(
                            new ExplainQuestion(
                                new ProjectionId("Shape", "v1"),
                                key,
                                history.States[index].At.ToString(),
                                _time.GetUtcNow()
                            ),
                            Cancel
                        )
                    );

                    var expected = Expected(one.Shape, history, index, key);
                    Assert.Equal(Document(one.Shape, history.States[index].State, key), Text(known.Made));
                    Assert.Equal(
                        expected.Order(),
                        known
                            .Changes.Select(change =>
                                $"{change.Table} {change.PrimaryKey} {change.Before ?? "-"} {change.After ?? "-"} "
                                + $"{Position.Parse(change.At).Commit} {Text(change.Without) ?? "-"}"
                            )
                            .Order()
                    );
                    Assert.Equal(
                        known.Changes.Select(change => Position.Parse(change.At)).OrderDescending(),
                        known.Changes.Select(change => Position.Parse(change.At))
                    );
                    Assert.All(known.Changes, change => Assert.Equal(_time.GetUtcNow(), change.CommittedAt));
                    Assert.All(
                        known.Rows,
                        row =>
                            Assert.Contains(
                                known.Changes,
                                change =>
                                    (change.Table, change.PrimaryKey, change.After, change.At)
                                    == (row.Table, row.PrimaryKey, row.Row, row.Since)
                            )
                    );
                    changes += known.Changes.Count;
                }
            },
            iter: 20,
            threads: 1
        );

        Assert.True(changes > 10, $"{changes} changes");
    }

    [Fact]
    public async Task ExplainAsync_PositionOfNoStateNotAppliedOrNoLongerKept_IsRefusedWithASentence()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        var snapshot = await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));
        await using var bench = await MomentsBench.OpenAsync(store, source.Log, _time, [Stocks.Model()]);
        await source.CommitAsync(SourceLog.Update(Stocks.Schema, Stocks.Row("a", 2).Key, Stocks.Row("a", 2).Row));
        await bench.CatchUpAsync();

        Assert.Contains("not the end", await ProblemAsync("1:0/1008:0"), StringComparison.Ordinal);
        Assert.Contains("only through", await ProblemAsync("1:FF/0:end"), StringComparison.Ordinal);
        Assert.Contains("kept from", await ProblemAsync("1:0/8:end"), StringComparison.Ordinal);
        Assert.Contains("version v2", await ProblemAsync(snapshot.ToString(), "v2"), StringComparison.Ordinal);

        async Task<string> ProblemAsync(string position, string version = "v1") =>
            Assert
                .IsType<Explained.Refused>(
                    await bench.Moments.ExplainAsync(
                        new ExplainQuestion(new ProjectionId("Stocks", version), "a", position, _time.GetUtcNow()),
                        Cancel
                    )
                )
                .Problem;
    }

    private static List<string> Expected(Shape shape, ShapeHistory history, int index, string key)
    {
        var state = history.States[index].State;
        var actual = Document(shape, state, key);
        var expected = new List<string>();
        for (var table = 0; table < shape.Tables.Count; table++)
        {
            foreach (
                var id in history
                    .States.Take(index + 1)
                    .SelectMany(past => past.State.Rows(table))
                    .Select(row => row.Id)
                    .Distinct()
            )
            {
                var at = index;
                while (at > 0 && history.States[at - 1].State.Find(table, id)?.Json == state.Find(table, id)?.Json)
                    at--;
                var before = at == 0 ? null : history.States[at - 1].State.Find(table, id);
                var without = state.Copy();
                if (before is null)
                    without.Remove(table, id);
                else
                    without.Put(table, before);
                var document = Document(shape, without, key);
                if (document == actual)
                    continue;
                expected.Add(
                    $"public.t{table} {{\"id\":{id}}} {Json(before)} {Json(state.Find(table, id))} "
                        + $"{history.States[at].At.Commit} {document ?? "-"}"
                );
            }
        }
        return expected;

        // The mirror has the columns sorted by name.
        static string Json(TestRow? row) =>
            row is null
                ? "-"
                : "{"
                    + string.Join(
                        ",",
                        row.Columns.Select(
                            (value, column) =>
                                $"\"c{column}\":{value?.ToString(CultureInfo.InvariantCulture) ?? "null"}"
                        )
                    )
                    + $",\"id\":{row.Id}}}";
    }

    private static string? Document(Shape shape, TestTables state, string key) =>
        shape.Documents(state).GetValueOrDefault(key);

    private static string? Text(Made made) =>
        made switch
        {
            Made.Document document => Encoding.UTF8.GetString(document.Bytes.Span),
            Made.Absent => null,
            _ => $"{made}",
        };
}
