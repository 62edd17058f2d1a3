using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Moments;
using Strangler.Projections.Storing;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// documents = f(rows after the log so far), whatever pages, repetitions, restarts, failures, replays, alterations and
/// passing of time there are.
/// </summary>
public sealed class ApplierPropertyTests(PostgresFixture postgres, KafkaBroker broker)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
    private int _killCount;

    private static readonly Gen<Case> Cases = Gen.Select(ShapeGens.Shapes, ShapeGens.Shapes)
        .SelectMany(
            (one, other) =>
                Gen.Select(
                    ShapeGens.Changes(Math.Max(one.Tables.Count, other.Tables.Count)).Array[0, 12],
                    ShapeGens.ChangesAndTruncates(Math.Max(one.Tables.Count, other.Tables.Count)).Array[0, 6].Array[
                        1,
                        8
                    ],
                    Gen.Int[1, 12],
                    Gen.Int[1, 6],
                    Gen.Int,
                    (rows, transactions, page, keys, seed) => new Case(one, other, rows, transactions, page, keys, seed)
                )
        );

    [Fact]
    [Trait("Category", "Long")]
    public async Task StepAsync_AnyPagesRestartsFailuresAndReplays_DocumentsAreFOfTheRowsForLong()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await Cases.SampleAsync(one => RunAsync(store, one), iter: 1_000, threads: 1);
    }

    [Fact]
    public async Task StepAsync_AnyPagesRestartsFailuresAndReplays_DocumentsAreFOfTheRows()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await Cases.SampleAsync(one => RunAsync(store, one), iter: 25, threads: 1);
        Assert.True(_killCount > 5, $"{_killCount} kills");
    }

    [Fact]
    public async Task StepAsync_LogOnKafka_DocumentsAreFOfTheRowsAtEveryCut()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var kafka = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
                Topics = new TopicCreation { Default = new TopicGroup { Partitions = 3 } },
            },
            new EmbeddedLogOptions(),
            _time
        );
        await Cases.SampleAsync(
            one => RunAsync(store, one, new NamedChangeLog(kafka, KafkaBroker.Name("applier"))),
            iter: 3,
            threads: 1
        );
    }

    private async Task RunAsync(TestStore store, Case one, IChangeLog? on = null)
    {
        await store.ResetAsync();
        var random = new Random(one.Seed);
        using var kills = new KillingMeter(() => random.Next(12) == 0);
        await using var source = new SourceLog(_time, on);
        var history = new ShapeHistory(
            one.Shape.Tables.Count >= one.Other.Tables.Count ? one.Shape : one.Other,
            source
        );
        await history.SnapshotAsync(one.Rows);
        var log = new FlakyLog(new RepeatingLog(source.Log, random), () => random.Next(8) == 0);
        var options = new ApplierOptions
        {
            HistoryRetention = TimeSpan.FromHours(1),
            Read = new LogReadLimit(one.Page, 1 << 20),
            KeysAtOnce = one.Keys,
            KeysAtATime = 1 + (one.Keys / 2),
        };
        ProjectionModel[] models = [one.Shape.Model(), one.Other.Model(name: "Other")];
        var applier = await OpenAsync();
        foreach (var transaction in one.Transactions)
        {
            await history.CommitAsync(transaction);
            if (random.Next(10) == 0)
                await history.NewEpochAsync(one.Rows);
            if (random.Next(5) == 0)
                await AlterAsync(transaction);
            if (random.Next(4) == 0)
                _time.Advance(TimeSpan.FromMinutes(random.Next(90)));
            if (random.Next(3) == 0)
                continue;
            applier = await CatchUpAsync(applier);
            if (random.Next(4) == 0)
                await ReplayAsync(history, random);
            if (random.Next(6) == 0)
                applier = await OpenAgainAsync(applier);
        }
        applier = await CatchUpAsync(applier);

        Assert.Equal(
            one.Shape.Documents(history.State).OrderBy(document => document.Key),
            (await store.DocumentsAsync("Shape")).OrderBy(document => document.Key)
        );
        Assert.Equal(
            one.Other.Documents(history.State).OrderBy(document => document.Key),
            (await store.DocumentsAsync("Other")).OrderBy(document => document.Key)
        );
        Assert.Equal(0, await store.ScalarAsync<long>("select count(*) from projections.dirty"));
        await CheckPastAsync(store, applier.Projections[0], one.Shape, history);
        await CheckPastAsync(store, applier.Projections[1], one.Other, history);
        applier.Dispose();
        _killCount += kills.KillCount;

        Task AlterAsync(TestChange[] meanwhile) =>
            history.AlterAsync(
                random.Next(Math.Max(one.Shape.Tables.Count, one.Other.Tables.Count)),
                random.Next(Shape.Columns),
                random.Next(4),
                random.Next(2) == 0 ? meanwhile : null,
                async () =>
                {
                    if (random.Next(2) == 0)
                        applier = await CatchUpAsync(applier);
                    if (random.Next(6) == 0)
                        applier = await OpenAgainAsync(applier);
                }
            );

        async Task<Applier> CatchUpAsync(Applier running)
        {
            while (true)
            {
                try
                {
                    var step = await running.StepAsync(CancellationToken.None);
                    if (step.Returns)
                        running = await OpenAgainAsync(running);
                    else if (!step.Worked && !step.Moved)
                        return running;
                }
                catch (IOException)
                {
                    running = await OpenAgainAsync(running);
                }
            }
        }

        async Task<Applier> OpenAgainAsync(Applier before)
        {
            before.Dispose();
            return await OpenAsync();
        }

        Task<Applier> OpenAsync() => store.OpenAsync(log, _time, models, options);

        // As after restoring a checkpoint: the log is read again from an earlier position.
        async Task ReplayAsync(ShapeHistory past, Random where)
        {
            var (position, _) = past.States[where.Next(past.States.Count)];
            await store.ExecuteAsync(
                "update projections.checkpoint set epoch = @Epoch, commit = @Commit::text::pg_lsn, ordinal = @Ordinal "
                    + "where at is not null and (epoch, commit, ordinal) > (@Epoch, @Commit::text::pg_lsn, @Ordinal)",
                new
                {
                    position.Epoch,
                    Commit = position.Commit.ToString(),
                    position.Ordinal,
                }
            );
            applier = await CatchUpAsync(await OpenAgainAsync(applier));
        }
    }

    /// <summary>Compares the rows as of every past position with the fold of the log.</summary>
    private static async Task CheckPastAsync(
        TestStore store,
        BoundProjection projection,
        Shape shape,
        ShapeHistory history
    )
    {
        var moments = new MomentReader(store.Store, SourceLog.Source);
        var kept = Position.EndOf(
            await store.ScalarAsync<int>("select kept_epoch from projections.checkpoint"),
            Lsn.Parse(await store.ScalarAsync<string>("select kept_commit::text from projections.checkpoint"))
        );
        foreach (var (position, state) in history.States)
        {
            if (position < kept)
            {
                await Assert.ThrowsAsync<FaultException>(() =>
                    moments.RowsAsOfAsync(projection, ["0"], position, TestContext.Current.CancellationToken)
                );
                continue;
            }
            var expected = shape.Documents(state);
            var rows = await moments.RowsAsOfAsync(
                projection,
                ["0", "1", "2", "3"],
                position,
                TestContext.Current.CancellationToken
            );
            var documents = rows.Select(key =>
                    (KeyOutcome.Made)FunctionRunner.Compute(projection, key, DateTimeOffset.UnixEpoch)
                )
                .Where(made => made.Bytes is not null)
                .ToDictionary(made => made.Key, made => System.Text.Encoding.UTF8.GetString(made.Bytes!));
            Assert.Equal(expected.OrderBy(document => document.Key), documents.OrderBy(document => document.Key));
        }
    }

    private sealed record Case(
        Shape Shape,
        Shape Other,
        TestChange[] Rows,
        TestChange[][] Transactions,
        int Page,
        int Keys,
        int Seed
    )
    {
        public override string ToString() =>
            $"{Shape} / {Other} / {string.Join(" ", Rows.Select(Text))} / "
            + $"{string.Join(" ; ", Transactions.Select(changes => string.Join(" ", changes.Select(Text))))} / page "
            + $"{Page}, keys {Keys}, seed {Seed}";

        private static string Text(TestChange change) =>
            $"t{change.Table}[{change.Id}]={(change.Columns is null ? "-" : string.Join(",", change.Columns))}";
    }
}
