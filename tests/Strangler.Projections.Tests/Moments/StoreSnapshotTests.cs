using Npgsql;
using Strangler.Foundation.Store;
using Strangler.Projections.Binding;
using Strangler.Projections.Moments;
using Strangler.Projections.Storing;
using Strangler.Projections.Tests.Applying;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

public sealed class StoreSnapshotTests(PostgresFixture postgres)
{
    private const string Built = """
        insert into projections.checkpoint (source, epoch, commit, ordinal, at, fence)
        values ('shop', 2, '16/B374D848', 2147483647, '2026-11-24T07:59:59Z', 1);
        insert into projections.build (source, projection, version, state, made_at) values
            ('shop', 'Stocks', 'v0', 'old', now()),
            ('shop', 'Stocks', 'v1', 'live', now());
        insert into projections.document
            (build, key, bytes, hash, touched_epoch, touched_commit, computed_for, recompute_at)
        values
            (2, 'a', '{"a": 1}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T08:00:01Z'),
            (2, 'b', null, '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (1, 'c', 'old', '', 1, '0/1', '2026-11-24T07:59:00Z', null);
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static BoundProjection Projection => new(Stocks.Model()) { Build = 2 };

    [Fact]
    public async Task ReadAsync_KeysOfEveryKind_AreFoundWithTheirProjectionsStanding()
    {
        await using var pool = await StoreAsync(
            """
            insert into projections.dirty (build, key, touched_epoch, touched_commit) values
                (2, 'a', 2, '16/B374D848'),
                (1, 'b', 1, '0/1');
            insert into projections.quarantine (build, key, epoch, commit, at, error, rows, overrun)
            values (2, 'b', 2, '16/B374D848', now(), 'threw', '{}', true)
            """
        );

        var look = await ReadAsync(pool, "a", "b", "c");

        Assert.Equal((2, "v1", true), (look.Status!.Build, look.Status.Version, look.Status.Live));
        Assert.Equal(
            (true, true, null, "2:16/B374D848:end"),
            (look.Stored["a"].Exists, look.Stored["a"].Dirty, look.Stored["a"].Error, $"{look.Stored["a"].Touched}")
        );
        Assert.Equal(
            (true, false, "threw", true, "2:16/B374D800:end"),
            (
                look.Stored["b"].Exists,
                look.Stored["b"].Dirty,
                look.Stored["b"].Error,
                look.Stored["b"].Overrun,
                $"{look.Stored["b"].Touched}"
            )
        );
        Assert.Equal(
            (false, false, null, ""),
            (look.Stored["c"].Exists, look.Stored["c"].Dirty, look.Stored["c"].Error, $"{look.Stored["c"].Touched}")
        );
        Assert.Equal(3, look.Stored.Count);
    }

    [Fact]
    public async Task ReadAsync_NothingApplied_HasNoStanding()
    {
        await using var pool = await StoreAsync("delete from projections.checkpoint");

        Assert.Null((await ReadAsync(pool, "a")).Status);
    }

    /// <summary>
    /// As with look-ups: PostgreSQL would scan an empty queue completely, and still do so when a million keys wait in
    /// it.
    /// </summary>
    [Fact]
    public async Task ReadAsync_PlanKeptFromWhenTheQueueWasEmpty_StillReadsItByItsKey()
    {
        await using var pool = await StoreAsync(
            "vacuum analyze projections.dirty, projections.quarantine, projections.document"
        );
        for (var times = 0; times < 20; times++)
            // prepared after a few executions, and PostgreSQL caches a plan from the sixth on
            await ReadAsync(pool, "a");

        await using var session = await pool.OpenConnectionAsync(Cancel);
        var (name, kept) = await OneAsync(
            session,
            "select name, generic_plans > 0 from pg_prepared_statements where statement like '%projections.document%'",
            reader => (reader.GetString(0), reader.GetBoolean(1))
        );
        var plan = await OneAsync(
            session,
            $"explain (format json) execute \"{name}\" (2, 'a')",
            reader => reader.GetString(0)
        );
        var seqscan = await OneAsync(session, "show enable_seqscan", reader => reader.GetString(0));

        Assert.True(kept);
        foreach (var table in new[] { "document", "dirty", "quarantine" })
            Assert.Matches(
                $"\"Index Name\": \"{table}_pkey\"[^{{}}]*\"Index Cond\": \"\\(\\(build = (2|\\$1)\\) AND \\(key = ",
                plan
            );
        Assert.Equal("on", seqscan);
    }

    private static async Task<StoreSnapshot> ReadAsync(NpgsqlDataSource pool, params string[] keys)
    {
        await using var session = await StoreSession.BeginAsync(pool, repeatable: true, Cancel);
        return await StoreSnapshot.ReadAsync(session, "shop", Projection, keys, Cancel);
    }

    private async Task<NpgsqlDataSource> StoreAsync(string sql)
    {
        var pool = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync())
            {
                MaxPoolSize = 1,
                MaxAutoPrepare = 50,
            }
        );
        await StoreMigration.MigrateAsync(pool, [ProjectionsSchema.Value], Cancel);
        foreach (var statement in new[] { Built, sql })
        {
            await using var command = pool.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(Cancel);
        }
        return pool;
    }

    private static async Task<T> OneAsync<T>(NpgsqlConnection session, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel), sql);
        return read(reader);
    }
}
