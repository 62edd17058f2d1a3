using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.Projections.Applying;
using Strangler.Projections.Configuration;
using Strangler.Projections.Moments;
using Strangler.Projections.Tests.Mapping;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>documents = f(rows after the log so far), whatever the pages, restarts, failures and replays.</summary>
public sealed class ApplierPropertyTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    private static readonly Gen<Case> Cases = ShapeGens.Shapes.SelectMany(shape => Gen.Select(
        Gen.Const(shape), ShapeGens.Changes(shape.Tables.Count).Array[0, 12], ShapeGens.ChangesAndTruncates(shape.Tables.Count).Array[0, 6].Array[1, 8], Gen.Int[1, 12], Gen.Int[1, 6], Gen.Int,
        (one, rows, transactions, page, keys, seed) => new Case(one, rows, transactions, page, keys, seed)));

    [Fact]
    public async Task StepAsync_AnyPagesRestartsFailuresAndReplays_DocumentsAreFOfTheRows()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await Cases.SampleAsync(one => RunAsync(store, one), iter: 60, threads: 1);
    }

    private async Task RunAsync(TestStore store, Case one)
    {
        await store.ResetAsync();
        var random = new Random(one.Seed);
        await using var source = new SourceLog(_time);
        var history = new ShapeHistory(one.Shape, source);
        await history.SnapshotAsync(one.Rows);
        var log = new FlakyLog(source.Log, () => random.Next(8) == 0);
        var options = new ApplierOptions { Read = new LogReadLimit(one.Page, 1 << 20), KeysAtOnce = one.Keys, KeysAtATime = 1 + (one.Keys / 2) };
        var applier = await store.OpenAsync(log, _time, [one.Shape.Model()], options);
        foreach (var transaction in one.Transactions)
        {
            await history.CommitAsync(transaction);
            if (random.Next(10) == 0) await history.NewEpochAsync(one.Rows);
            if (random.Next(3) == 0) continue;
            applier = await CatchUpAsync(applier);
            if (random.Next(4) == 0) await ReplayAsync(history, random);
            if (random.Next(6) == 0) applier = await OpenAgainAsync(applier);
        }
        applier = await CatchUpAsync(applier);

        var documents = await store.DocumentsAsync("Shape");
        var expected = one.Shape.Documents(history.State);
        Assert.Equal(expected.OrderBy(document => document.Key), documents.OrderBy(document => document.Key));
        Assert.Equal(0, await store.ScalarAsync<long>("select count(*) from projections.dirty"));
        await CheckPastAsync(store, applier, history);
        applier.Dispose();

        async Task<Applier> CatchUpAsync(Applier running)
        {
            while (true)
            {
                try
                {
                    await TestStore.CatchUpAsync(running);
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
            return await store.OpenAsync(log, _time, [one.Shape.Model()], options);
        }

        // As after a restored checkpoint: the log is read again from an earlier position.
        async Task ReplayAsync(ShapeHistory past, Random where)
        {
            var (position, _) = past.States[where.Next(past.States.Count)];
            await store.ExecuteAsync("update projections.checkpoint set epoch = @Epoch, commit = @Commit::text::pg_lsn, ordinal = @Ordinal where at is not null and (epoch, commit, ordinal) > (@Epoch, @Commit::text::pg_lsn, @Ordinal)",
                new { position.Epoch, Commit = position.Commit.ToString(), position.Ordinal });
            applier = await CatchUpAsync(await OpenAgainAsync(applier));
        }
    }

    /// <summary>The rows as of every past position, against the fold of the log.</summary>
    private static async Task CheckPastAsync(TestStore store, Applier applier, ShapeHistory history)
    {
        var moments = new MomentReader(store.Store, SourceLog.Source);
        var projection = applier.Projections[0];
        foreach (var (position, state) in history.States)
        {
            var expected = history.Shape.Documents(state);
            var rows = await moments.RowsAsOfAsync(projection, ["0", "1", "2", "3"], position, TestContext.Current.CancellationToken);
            var documents = rows.Select(key => (Outcome.Made)Computing.Compute(projection, key, DateTimeOffset.UnixEpoch)).Where(made => made.Bytes is not null).ToDictionary(made => made.Key, made => System.Text.Encoding.UTF8.GetString(made.Bytes!));
            Assert.Equal(expected.OrderBy(document => document.Key), documents.OrderBy(document => document.Key));
        }
    }

    private sealed record Case(Shape Shape, TestChange[] Rows, TestChange[][] Transactions, int Page, int Keys, int Seed)
    {
        public override string ToString() => $"{Shape} / {string.Join(" ", Rows.Select(Text))} / {string.Join(" ; ", Transactions.Select(changes => string.Join(" ", changes.Select(Text))))} / page {Page}, keys {Keys}, seed {Seed}";

        private static string Text(TestChange change) => $"t{change.Table}[{change.Id}]={(change.Columns is null ? "-" : string.Join(",", change.Columns))}";
    }
}
