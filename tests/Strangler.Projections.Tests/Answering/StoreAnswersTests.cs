using System.Text;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;
using static Strangler.Projections.Tests.Answering.StoredDocuments;

namespace Strangler.Projections.Tests.Answering;

public sealed class StoreAnswersTests(PostgresFixture postgres)
{
    [Fact]
    public async Task FindAsync_KeysOfEveryKind_AreFoundInTheirOrderAtTheWatermark()
    {
        await using var store = await StoreAsync(postgres, Built);

        var lookup = await Answers(store)
            .FindAsync(
                Availability,
                ["due", "a", "never", "b", "gone", "absent-due", "dirty", "new", "bad", "asks"],
                TestContext.Current.CancellationToken
            );

        Assert.Equal(new Watermark("shop", Position.Parse("2:16/B374D848:end"), Now.AddSeconds(-1)), lookup.Watermark);
        Assert.Equal(
            [
                "Due",
                """{"a": 1} 2:16/B374D800:end 08:00:01""",
                "absent",
                "absent",
                "absent",
                "Due",
                "Dirty",
                "Dirty",
                "Quarantined",
                "AskLegacy unsure",
            ],
            lookup.Found.Select(Text)
        );
    }

    /// <summary>One key has its own statement, which must find the same as the statement for many keys.</summary>
    [Theory]
    [InlineData("", 4)]
    [InlineData("update projections.source_table set in_doubt = true where name = 'other'", 4)]
    [InlineData("update projections.source_table set in_doubt = true where name = 'stock'", 1)]
    [InlineData("update projections.build set state = 'stopped' where state = 'live'", 1)]
    [InlineData("update projections.build set version = 'other'", 1)]
    [InlineData("update projections.build set state = 'old'", 1)]
    [InlineData("delete from projections.checkpoint", 1)]
    public async Task FindAsync_OneKeyAlone_IsFoundAsAmongOthers(string sql, int kinds)
    {
        await using var store = await StoreAsync(postgres, Built + sql);
        string[] keys =
        [
            "due",
            "a",
            "never",
            "b",
            "gone",
            "absent-due",
            "dirty",
            "new",
            "bad",
            "just",
            "ahead",
            "absent-ahead",
            "asks",
        ];

        var together = await Answers(store).FindAsync(Availability, keys, TestContext.Current.CancellationToken);

        for (var at = 0; at < keys.Length; at++)
        {
            var alone = await Answers(store).FindAsync(Availability, [keys[at]], TestContext.Current.CancellationToken);
            Assert.Equal(
                (together.Watermark, Text(together.Found[at])),
                (alone.Watermark, Text(Assert.Single(alone.Found)))
            );
        }
        Assert.True(
            together.Found.Select(Text).Select(text => text.StartsWith('{') ? "{" : text).Distinct().Count() >= kinds
        );
    }

    /// <summary>
    /// From the moment that an appender opens the log until the source's history is verified, or a new epoch's snapshot
    /// is applied, every key misses.
    /// </summary>
    [Fact]
    public async Task FindAsync_EpochOfTheLogThatIsNotTrusted_MissesEveryKey()
    {
        await using var store = await StoreAsync(postgres, Built);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        var answers = new StoreAnswers(store, new FakeTimeProvider(Now))
        {
            VerificationSql = EmbeddedChangeLog.VerificationSql,
            Patience = TimeSpan.FromMinutes(1),
        };
        var found = new List<string>();

        string[] statements =
        [
            "select 1",
            "insert into log.trust values ('other', 2, 'then', 7)",
            "insert into log.trust values ('shop', 3, 'then', 7)",
            "update log.trust set epoch = 2 where source = 'shop'",
            "update log.trust set server = null, appender = null where source = 'shop'",
        ];
        foreach (var sql in statements)
        {
            await using (var command = store.CreateCommand(sql))
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var many = await answers.FindAsync(
                Availability,
                ["a", "never", "bad"],
                TestContext.Current.CancellationToken
            );
            var one = await answers.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);
            var watermark = await answers.WatermarkAsync(Availability.Name, TestContext.Current.CancellationToken);
            Assert.Equal((one.Watermark, many.Watermark), (watermark, watermark));
            var keys = string.Join(' ', many.Found.Select(Text).Select(text => text.Split(' ')[0]));
            found.Add($"{Text(one.Found[0])[0]} {keys} {watermark!.Verification}");
        }

        const string missed = "D Dirty Dirty Dirty ";
        var answered = $"{{ {{\"a\": absent Quarantined {new SourceVerification(7, "then")}";
        Assert.Equal([missed, missed, missed, answered, missed], found);
    }

    /// <summary>
    /// A cached plan was made for the tables as they were then: PostgreSQL would scan an empty table completely, and
    /// still do so after it has grown.
    /// </summary>
    [Fact]
    public async Task FindAsync_PlanKeptFromWhenTheQueueWasEmpty_StillReadsItByItsKey()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var pool = StoreAnswers.Pool($"{connection};Maximum Pool Size=1");
        await StoreMigration.MigrateAsync(pool, [ProjectionsSchema.Value], TestContext.Current.CancellationToken);
        await ExecuteAsync($"{Built}; delete from projections.dirty; delete from projections.quarantine");
        await ExecuteAsync("vacuum analyze projections.dirty, projections.quarantine, projections.document");
        for (var times = 0; times < 20; times++)
            // PostgreSQL caches a plan from the sixth execution on
            await Answers(pool).FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        await using var session = await pool.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var (name, kept) = await OneAsync(
            session,
            "select name, generic_plans > 0 from pg_prepared_statements where statement like '%projections.document%'",
            reader => (reader.GetString(0), reader.GetBoolean(1))
        );
        var plan = await OneAsync(
            session,
            $"explain (format json) execute \"{name}\" ('ItemAvailability', 'a')",
            reader => reader.GetString(0)
        );

        Assert.True(kept);
        foreach (var table in new[] { "document", "dirty", "quarantine" })
            Assert.Matches(
                $"\"Index Name\": \"{table}_pkey\"[^{{}}]*\"Index Cond\": \"\\(\\(build = b.id\\) AND \\(key = ",
                plan
            );

        async Task ExecuteAsync(string sql)
        {
            await using var command = pool.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("select 1", "ItemAvailability", "v2", "OtherVersion")]
    [InlineData("select 1", "ItemDetails", "v1", "NotBuilt")]
    [InlineData(
        "update projections.build set state = 'stopped', problem = 'unfit' where id = 2",
        "ItemAvailability",
        "v1",
        "Stopped"
    )]
    [InlineData("update projections.build set state = 'old'", "ItemAvailability", "v1", "NotBuilt")]
    [InlineData(
        "update projections.source_table set in_doubt = true where name = 'stock'",
        "ItemAvailability",
        "v1",
        "Dirty"
    )]
    [InlineData("update projections.checkpoint set at = null", "ItemAvailability", "v1", "NotBuilt")]
    [InlineData("delete from projections.checkpoint", "ItemAvailability", "v1", "NotBuilt")]
    public async Task FindAsync_BuildThatMayNotBeServed_MissesEveryKey(
        string change,
        string projection,
        string version,
        string reason
    )
    {
        await using var store = await StoreAsync(postgres, Built + ";" + change);

        var lookup = await Answers(store)
            .FindAsync(new(projection, version), ["a", "never"], TestContext.Current.CancellationToken);

        Assert.Equal([reason, reason], lookup.Found.Select(Text));
    }

    [Fact]
    public async Task FindAsync_TableInDoubtThatItDoesNotRead_StillAnswers()
    {
        await using var store = await StoreAsync(
            postgres,
            Built + "; update projections.source_table set in_doubt = true where name = 'other'"
        );

        var lookup = await Answers(store).FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(lookup.Found[0]);
    }

    [Fact]
    public async Task FindAsync_HundredKeysAgainAndAgain_UsesOnePreparedStatement()
    {
        await using var store = await StoreAsync(
            postgres,
            Built
                + """
                ;
                insert into projections.document (build, key, bytes, hash, touched_epoch, touched_commit, computed_for)
                select 2, 'k' || i, convert_to(i::text, 'UTF8'), '', 2, '16/B374D800', '2026-11-24T07:59:00Z'
                from generate_series(1, 5000) as i
                """,
            "Maximum Pool Size=1"
        );
        var keys = Enumerable.Range(1, 100).Select(i => $"k{i * 37}").ToArray();
        var answers = Answers(store);

        for (var i = 0; i < 20; i++)
        {
            var lookup = await answers.FindAsync(Availability, keys, TestContext.Current.CancellationToken);
            Assert.Equal(
                keys,
                lookup.Found.Select(found => "k" + Encoding.UTF8.GetString(((Found.Document)found).Bytes.Span))
            );
        }

        await using var command = store.CreateCommand(
            "select count(*) from pg_prepared_statements where statement like '%projections.document%'"
        );
        Assert.Equal(1L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FindAsync_StoreThatIsNotThere_IsASentenceAndNoGuess()
    {
        await using var store = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=none");

        var exception = await Assert.ThrowsAsync<AnswersUnavailableException>(async () =>
            await Answers(store).FindAsync(Availability, ["a"], TestContext.Current.CancellationToken)
        );

        Assert.StartsWith("The store of the documents does not answer:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_StoreWithoutTheTables_NamesTheWayOut()
    {
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());

        var exception = await Assert.ThrowsAsync<AnswersUnavailableException>(async () =>
            await Answers(store).FindAsync(Availability, ["a"], TestContext.Current.CancellationToken)
        );

        Assert.Contains("strangler migrate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_StoreThatIsLocked_IsUnavailableAfterAMoment()
    {
        await using var store = await StoreAsync(postgres, Built);
        await using var other = await store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "lock table projections.document in access exclusive mode",
            other,
            transaction
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<AnswersUnavailableException>(async () =>
            await new StoreAnswers(store, TimeProvider.System) { LookupPatience = TimeSpan.FromSeconds(2) }.FindAsync(
                Availability,
                ["a"],
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("did not answer within 2 s", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Npgsql's own limit, of 30 s, would end the longer ones of a route.</summary>
    [Fact]
    public async Task Pool_AnyConnection_LeavesTheLimitToTheCaller()
    {
        await using var pool = StoreAnswers.Pool("Host=127.0.0.1;Database=store");

        Assert.Equal(0, new NpgsqlConnectionStringBuilder(pool.ConnectionString).CommandTimeout);
    }

    /// <summary>The gateway limits a look-up by the route's configured time.</summary>
    [Fact]
    public async Task FindAsync_StoreThatIsLocked_IsWaitedForUntilTheCallersLimit()
    {
        await using var store = await StoreAsync(postgres, Built);
        await using var other = await store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "lock table projections.document in access exclusive mode",
            other,
            transaction
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var finding = new StoreAnswers(store, new FakeTimeProvider(Now)) { Patience = TimeSpan.FromMilliseconds(1) }
            .FindAsync(Availability, ["a"], TestContext.Current.CancellationToken)
            .AsTask();
        await WaitingAsync(finding, store, other.ProcessID);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(Assert.Single((await finding).Found));
    }

    [Fact]
    public async Task FindAsync_CallerGivesUp_IsCancelledNotUnavailable()
    {
        await using var store = await StoreAsync(postgres, Built);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Answers(store).FindAsync(Availability, ["a"], new CancellationToken(canceled: true))
        );
    }

    /// <summary>Returns when a session waits for a lock of the process, or the look-up has ended.</summary>
    private static async Task WaitingAsync(Task finding, NpgsqlDataSource store, int process)
    {
        await using var look = store.CreateCommand(
            "select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))"
        );
        look.Parameters.Add(new NpgsqlParameter<int> { TypedValue = process });
        while (!finding.IsCompleted && await look.ExecuteScalarAsync(TestContext.Current.CancellationToken) is not true)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static async Task<T> OneAsync<T>(NpgsqlConnection session, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        return read(reader);
    }
}
