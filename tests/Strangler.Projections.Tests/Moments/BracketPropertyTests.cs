using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.Projections.Configuration;
using Strangler.Projections.Tests.Applying;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>
/// Compares the answer for a bracket with a naive oracle: the whole model at every commit, and the commits that the
/// look before the call really didn't see (not derived from ids). The documents of the moments are exactly the distinct
/// states in their order, and a key is quiet exactly if there is only one.
/// </summary>
public sealed class BracketPropertyTests(PostgresFixture postgres)
{
    private static readonly string[] Keys = ["0", "1", "2", "3", "nobody"];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    private static readonly Gen<Case> Cases = ShapeGens.Shapes.SelectMany(shape =>
        Gen.Select(
            ShapeGens.Changes(shape.Tables.Count).Array[0, 12],
            ShapeGens.ChangesAndTruncates(shape.Tables.Count).Array[0, 6].Array[40],
            Gen.Int[1, 12],
            Gen.Int,
            (rows, transactions, page, seed) => new Case(shape, rows, transactions, page, seed)
        )
    );

    [Fact]
    public async Task EvaluateAsync_AnyTransactionsAndLooks_GivesExactlyTheDistinctStatesOfTheBracket()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        var tally = new Tally();

        await Cases.SampleAsync(one => RunAsync(store, one, tally, Mutation.None), iter: 20, threads: 1);

        TestContext.Current.TestOutputHelper?.WriteLine($"{tally}");
        Assert.True(tally is { Quiet: > 20, Moving: > 20, Stored: > 5 }, $"{tally}");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task EvaluateAsync_AnyTransactionsAndLooks_GivesExactlyTheDistinctStatesOfTheBracketForLong()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await Cases.SampleAsync(one => RunAsync(store, one, new Tally(), Mutation.None), iter: 600, threads: 1);
    }

    [Theory]
    [InlineData(Mutation.FirstCommitFromTheFloor)]
    [InlineData(Mutation.WalkOfTheEndAlone)]
    [InlineData(Mutation.VersionsCollapsedWithinABatch)]
    public async Task EvaluateAsync_WithOneFault_IsFoundOut(Mutation mutation)
    {
        await using var store = await TestStore.CreateAsync(postgres);
        var cases = Cases.Array[40].Single();

        for (var index = 0; ; index++)
        {
            try
            {
                await RunAsync(store, cases[index], new Tally(), mutation);
            }
            catch (Xunit.Sdk.XunitException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(TestStore store, Case one, Tally tally, Mutation mutation)
    {
        await store.ResetAsync();
        var random = new Random(one.Seed);
        await using var log = new SourceLog(_time);
        var source = new SimulatedSource(one.Shape, log);
        await source.SnapshotAsync(one.Rows);
        await using var bench = await MomentsBench.OpenAsync(
            store,
            log.Log,
            _time,
            [one.Shape.Model()],
            new ApplierOptions { Read = new LogReadLimit(one.Page, 1 << 20) },
            mutation == Mutation.FirstCommitFromTheFloor ? new FloorIndex(log.Log) : null
        );
        await CatchUpAsync();
        var (next, looks) = (0, new Queue<(SourceLook Look, Func<Position, Position> FirstUnseen)>());
        for (var step = 0; step < 120; step++)
        {
            await HappenAsync();
            if (random.Next(5) == 0)
                looks.Enqueue(await source.LookAsync(HappenSometimesAsync));
            if (looks.Count > 0 && random.Next(6) == 0)
                await AskAsync(looks.Count > 1 && random.Next(3) > 0 ? looks.Dequeue() : looks.Peek());
        }

        async Task HappenSometimesAsync()
        {
            if (random.Next(2) == 0)
                await HappenAsync();
        }

        async Task HappenAsync()
        {
            switch (random.Next(9))
            {
                case 0 or 1 or 2:
                    source.Begin();
                    break;
                case 3 or 4:
                    await source.CommitAsync(
                        random.Next(100),
                        next < one.Transactions.Length ? one.Transactions[next++] : []
                    );
                    break;
                case 5 or 6 or 7:
                    source.Show(random.Next(100));
                    break;
                default:
                    source.Abort(random.Next(100));
                    break;
            }
        }

        async Task AskAsync((SourceLook Look, Func<Position, Position> FirstUnseen) look)
        {
            var after = (await source.LookAsync(HappenSometimesAsync)).Look;
            if (random.Next(2) == 0)
                await HappenAsync(); // commits after the bracket may already be applied
            await log.ProgressAsync();
            await CatchUpAsync();
            var to = new Position(1, after.Floor, 0);
            var from = look.FirstUnseen(to);
            var clock = _time.GetUtcNow();

            var found = await bench.EvaluateAsync(
                new BracketQuestion(
                    new ProjectionId("Shape", "v1"),
                    Keys,
                    look.Look,
                    after.Floor,
                    clock,
                    clock,
                    TimeSpan.FromSeconds(20)
                )
            );

            Assert.Equal((new Position(1, from.Commit, 0), to), (found.From, found.To));
            foreach (var key in found.Keys)
                Check(key, from, to);
        }

        void Check(KeyMoments found, Position from, Position to)
        {
            var states = source.States.Where(state => state.At < to).ToList();
            var expected = new List<(Position At, string? Document)>
            {
                (
                    Position.EndOf(1, from.Commit.JustBefore),
                    DocumentOf(states.Last(state => state.At < new Position(1, from.Commit, 0)).State, found.Key)
                ),
            };
            foreach (var (at, state) in states.Where(state => state.At >= new Position(1, from.Commit, 0)))
            {
                var document = DocumentOf(state, found.Key);
                if (document != expected[^1].Document)
                    expected.Add((at, document));
            }

            Assert.Equal(expected, found.Moments.Select(moment => (moment.Position, Text(moment.Made))));
            Assert.Equal((expected.Count == 1, expected.Count - 1), (found.Quiet, found.Commits));
            if (found.Quiet)
                tally.Quiet++;
            else
                tally.Moving++;
            if (
                found.Quiet
                && found.Touched is { } touched
                && touched < new Position(1, from.Commit, 0)
                && Text(found.Moments[0].Made) is not null
            )
                tally.Stored++;
        }

        string? DocumentOf(TestTables state, string key) => one.Shape.Documents(state).GetValueOrDefault(key);

        async Task CatchUpAsync()
        {
            var before = bench.Applier.Checkpoint.Position;
            await bench.CatchUpAsync();
            // Without history, a walk finds only the versions that hold at the end.
            var lost = mutation switch
            {
                Mutation.WalkOfTheEndAlone => "true",
                Mutation.VersionsCollapsedWithinABatch => "(epoch, commit) > (@Epoch, @Commit::text::pg_lsn)",
                _ => null,
            };
            for (var table = 1; lost is not null && table <= one.Shape.Tables.Count; table++)
                await store.ExecuteAsync(
                    $"delete from projections.history_{table} where {lost}",
                    new { before.Epoch, Commit = before.Commit.ToString() }
                );
        }
    }

    private static string? Text(Made made) =>
        made switch
        {
            Made.Document document => Encoding.UTF8.GetString(document.Bytes.Span),
            Made.Absent => null,
            _ => $"{made}",
        };

    /// <summary>Possible errors, to prove that the property would notice them.</summary>
    public enum Mutation
    {
        None,
        FirstCommitFromTheFloor,
        WalkOfTheEndAlone,
        VersionsCollapsedWithinABatch,
    }

    private sealed record Tally
    {
        public int Quiet { get; set; }
        public int Moving { get; set; }
        public int Stored { get; set; }
    }

    /// <summary>Searches for unseen commits only after the floor.</summary>
    private sealed class FloorIndex(IChangeLog log) : ITransactionIndex
    {
        public async Task<LogRead<Position?>> FirstUnseenAsync(
            string source,
            Position floor,
            ulong xmax,
            IReadOnlyList<ulong> running,
            Position until,
            CancellationToken cancellationToken
        )
        {
            var page = (
                await log.ReadAsync(
                    source,
                    new Position(floor.Epoch, floor.Commit.JustBefore, int.MaxValue),
                    new LogReadLimit(10_000, 1 << 24),
                    cancellationToken
                )
            ).OrThrow();
            var first = page.Records.FirstOrDefault(record =>
                record.Position < until && (record.Xid >= xmax || running.Contains(record.Xid))
            );
            return new LogRead<Position?>.Found(first is null ? null : first.Position with { Ordinal = 0 });
        }

        public Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
            string source,
            Position from,
            Position through,
            int limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }

    private sealed record Case(Shape Shape, TestChange[] Rows, TestChange[][] Transactions, int Page, int Seed)
    {
        public override string ToString() =>
            $"{Shape} / {string.Join(" ", Rows.Select(Text))} / "
            + $"{string.Join(" ; ", Transactions.Select(changes => string.Join(" ", changes.Select(Text))))} / page "
            + $"{Page}, seed {Seed}";

        private static string Text(TestChange change) =>
            $"t{change.Table}[{change.Id}]={(change.Columns is null ? "-" : string.Join(",", change.Columns))}";
    }
}
