using System.Text;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Answering;

public sealed class StoreAnswersTests(PostgresFixture postgres)
{
    private static readonly ProjectionId Availability = new("ItemAvailability", "v1");
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private const string Built = """
        insert into projections.checkpoint (source, epoch, commit, ordinal, at, fence)
        values ('shop', 2, '16/B374D848', 2147483647, '2026-11-24T07:59:59Z', 1);
        insert into projections.build (source, projection, version, state, made_at) values
            ('shop', 'ItemAvailability', 'v0', 'old', now()),
            ('shop', 'ItemAvailability', 'v1', 'live', now());
        insert into projections.document
            (build, key, bytes, hash, touched_epoch, touched_commit, computed_for, recompute_at)
        values
            (1, 'gone', 'old', '', 1, '0/1', '2026-11-24T07:59:00Z', null),
            (2, 'a', '{"a": 1}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T08:00:01Z'),
            (2, 'b', null, '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (2, 'due', '{}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T08:00:00Z'),
            (2, 'absent-due', null, '', 2, '16/B374D800', '2026-11-24T07:59:00Z', '2026-11-24T07:00:00Z'),
            (2, 'dirty', '{}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (2, 'bad', '{}', '', 2, '16/B374D800', '2026-11-24T07:59:00Z', null),
            (2, 'just', '{}', '', 2, '16/B374D800', '2026-11-24T08:00:05Z', null),
            (2, 'ahead', '{}', '', 2, '16/B374D800', '2026-11-24T08:00:05.000001Z', null),
            (2, 'absent-ahead', null, '', 2, '16/B374D800', '2026-11-24T08:01:00Z', null);
        insert into projections.dirty (build, key, touched_epoch, touched_commit) values
            (2, 'dirty', 2, '16/B374D848'),
            (2, 'new', 2, '16/B374D848'),
            (1, 'a', 1, '0/1');
        insert into projections.quarantine (build, key, epoch, commit, at, error, rows, overrun) values
            (2, 'bad', 2, '16/B374D848', now(), 'threw', '{}', false),
            (1, 'a', 1, '0/1', now(), 'threw', '{}', false);
        insert into projections.source_table (source, schema, name, columns) values
            ('shop', 'public', 'stock', '{sku}'),
            ('shop', 'public', 'other', '{id}');
        insert into projections.reads (build, source_table) values (2, 1);
        """;

    [Fact]
    public async Task FindAsync_KeysOfEveryKind_AreFoundInTheirOrderAtTheWatermark()
    {
        await using var store = await StoreAsync(Built);

        var lookup = await Answers(store)
            .FindAsync(
                Availability,
                ["due", "a", "never", "b", "gone", "absent-due", "dirty", "new", "bad"],
                TestContext.Current.CancellationToken
            );

        Assert.Equal(new Watermark("shop", "2:16/B374D848:end", Now.AddSeconds(-1)), lookup.Watermark);
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
            ],
            lookup.Found.Select(Text)
        );
    }

    /// <summary>One key has a statement of its own: it must find what the statement for many finds.</summary>
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
        await using var store = await StoreAsync(Built + sql);
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
        await using var store = await StoreAsync(Built);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        var answers = new StoreAnswers(store, new FakeTimeProvider(Now))
        {
            VerificationSql = EmbeddedChangeLog.VerificationSql,
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

    /// <summary>Tables that somebody has to mend come first, and no more than three are named.</summary>
    [Fact]
    public async Task BuildAsync_TablesInDoubt_NamesTheFirstAndCountsThem()
    {
        await using var store = await StoreAsync(
            Built
                + """
                update projections.source_table set in_doubt = true, doubt = 'It was dropped.' where name = 'stock';
                update projections.source_table set in_doubt = true, doubt = 'Not read here.' where name = 'other';
                insert into projections.source_table (source, schema, name, columns, in_doubt, doubt) values
                    ('shop', 'public', 'a', '{id}', true, null),
                    ('shop', 'public', 'b', '{id}', true, null),
                    ('shop', 'public', 'z', '{id}', true, 'It is a view.'),
                    ('shop', 'public', 'fine', '{id}', false, null);
                insert into projections.reads (build, source_table) values (2, 3), (2, 4), (2, 5), (2, 6), (1, 2);
                """
        );

        var build = await Answers(store).BuildAsync("ItemAvailability", TestContext.Current.CancellationToken);

        Assert.Equal(
            [new("public.stock", "It was dropped."), new("public.z", "It is a view."), new("public.a", null)],
            build!.InDoubt
        );
        Assert.Equal(
            (4, "v1", null, null, false),
            (build.InDoubtCount, build.Version, build.Problem, build.Code, build.IsDistrusted)
        );
    }

    [Fact]
    public async Task BuildAsync_StoppedBuild_SaysWhyAndWhatMadeIt()
    {
        await using var store = await StoreAsync(
            Built
                + (
                    "update projections.build set state = 'stopped', problem = 'It has no column.', code = 'c0de', "
                    + "cultures = 'ICU 72' where state = 'live'"
                )
        );

        var build = await Answers(store).BuildAsync("ItemAvailability", TestContext.Current.CancellationToken);

        Assert.Equal(
            ("It has no column.", new ProjectionCode("c0de", "ICU 72"), 0L),
            (build!.Problem, build.Code, build.InDoubtCount)
        );
        Assert.Null(await Answers(store).BuildAsync("Another", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task BuildAsync_EpochOfTheLogThatIsNotTrusted_SaysSo()
    {
        await using var store = await StoreAsync(Built);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        await using (var command = store.CreateCommand("insert into log.trust values ('shop', 3)"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var build = await new StoreAnswers(store, new FakeTimeProvider(Now))
        {
            VerificationSql = EmbeddedChangeLog.VerificationSql,
        }.BuildAsync("ItemAvailability", TestContext.Current.CancellationToken);

        Assert.True(build!.IsDistrusted);
    }

    /// <summary>
    /// A plan that is kept was made for the tables as they were: for an empty one PostgreSQL would read it from end to
    /// end, and still do so when it has grown.
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
            // PostgreSQL keeps a plan from the sixth time on
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

    [Fact]
    public async Task KeysAsync_Projection_CountsTheDocumentsOfTheVersionThatIsServed()
    {
        await using var store = await StoreAsync(Built);

        Assert.Equal(6, await Answers(store).KeysAsync(Availability, TestContext.Current.CancellationToken));
        Assert.Null(
            await Answers(store).KeysAsync(Availability with { Version = "v2" }, TestContext.Current.CancellationToken)
        );
        Assert.Null(
            await Answers(store).KeysAsync(Availability with { Version = "v0" }, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task FindAsync_ClockOfTheReaderMoves_MakesADocumentDue()
    {
        await using var store = await StoreAsync(Built);
        var time = new FakeTimeProvider(Now);
        var answers = new StoreAnswers(store, time) { Patience = TimeSpan.FromMinutes(1) };
        var before = await answers.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        time.SetUtcNow(Now.AddSeconds(1));
        var after = await answers.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(before.Found[0]);
        Assert.Equal("Due", Text(after.Found[0]));
    }

    /// <summary>
    /// Due is of the clock that the function was given. What the reader's says does not matter once the projections
    /// have told theirs.
    /// </summary>
    [Theory]
    [InlineData(-3_600, 3_600, true)]
    [InlineData(0, 3_600, true)]
    [InlineData(0, -3_600, false)]
    [InlineData(3_600, -3_600, false)]
    public async Task FindAsync_ReadersClockIsWrong_DueIsByTheProjectionsClock(int reader, int projections, bool isDue)
    {
        await using var store = await StoreAsync(
            $"""
            {Built}
            update projections.checkpoint set
                clock_ahead = extract(epoch from '{Now:O}'::timestamptz - clock_timestamp()) + {projections};
            """
        );

        var lookup = await new StoreAnswers(store, new FakeTimeProvider(Now.AddSeconds(reader)))
        {
            Patience = TimeSpan.FromMinutes(1),
            Skew = TimeSpan.FromDays(1),
        }.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        Assert.Equal(isDue, lookup.Found[0] is Found.Miss { Reason: MissReason.Due });
        Assert.InRange(lookup.Clock!.Value, Now.AddSeconds(projections), Now.AddSeconds(projections + 60));
    }

    [Fact]
    public async Task FindAsync_ComputedForAClockAheadOfTheReaders_IsDueBeyondTheSkew()
    {
        await using var store = await StoreAsync(Built);

        var lookup = await Answers(store)
            .FindAsync(Availability, ["just", "ahead", "absent-ahead"], TestContext.Current.CancellationToken);
        var patient = await new StoreAnswers(store, new FakeTimeProvider(Now))
        {
            Patience = TimeSpan.FromMinutes(1),
            Skew = TimeSpan.FromMinutes(1),
        }.FindAsync(Availability, ["ahead"], TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(lookup.Found[0]);
        Assert.Equal(["Due", "Due"], lookup.Found.Skip(1).Select(Text));
        Assert.IsType<Found.Document>(patient.Found[0]);
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
        await using var store = await StoreAsync(Built + ";" + change);

        var lookup = await Answers(store)
            .FindAsync(new(projection, version), ["a", "never"], TestContext.Current.CancellationToken);

        Assert.Equal([reason, reason], lookup.Found.Select(Text));
    }

    [Fact]
    public async Task FindAsync_TableInDoubtThatItDoesNotRead_StillAnswers()
    {
        await using var store = await StoreAsync(
            Built + "; update projections.source_table set in_doubt = true where name = 'other'"
        );

        var lookup = await Answers(store).FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(lookup.Found[0]);
    }

    [Fact]
    public async Task FindAsync_HundredKeysAgainAndAgain_UsesOnePreparedStatement()
    {
        await using var store = await StoreAsync(
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
    public async Task WatermarkAsync_Projection_IsThatOfItsSourceOrNull()
    {
        await using var store = await StoreAsync(Built);

        Assert.Equal(
            "2:16/B374D848:end",
            (await Answers(store).WatermarkAsync("ItemAvailability", TestContext.Current.CancellationToken))?.Position
        );
        Assert.Null(await Answers(store).WatermarkAsync("ItemDetails", TestContext.Current.CancellationToken));
        Assert.Equal(
            "2:16/B374D848:end",
            (await Answers(store).FindAsync(Availability, [], TestContext.Current.CancellationToken))
                .Watermark
                ?.Position
        );
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
        await using var store = await StoreAsync(Built);
        await using var other = await store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "lock table projections.document in access exclusive mode",
            other,
            transaction
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<AnswersUnavailableException>(async () =>
            await new StoreAnswers(store, TimeProvider.System).FindAsync(
                Availability,
                ["a"],
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("did not answer within 2 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_CallerGivesUp_IsCancelledNotUnavailable()
    {
        await using var store = await StoreAsync(Built);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Answers(store).FindAsync(Availability, ["a"], new CancellationToken(canceled: true))
        );
    }

    private static async Task<T> OneAsync<T>(NpgsqlConnection session, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        return read(reader);
    }

    private async Task<NpgsqlDataSource> StoreAsync(string sql, string options = "")
    {
        var store = NpgsqlDataSource.Create($"{await postgres.CreateDatabaseAsync()};{options}");
        await StoreMigration.MigrateAsync(store, [ProjectionsSchema.Value], TestContext.Current.CancellationToken);
        await using var command = store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return store;
    }

    private static StoreAnswers Answers(NpgsqlDataSource store) =>
        new(store, new FakeTimeProvider(Now)) { Patience = TimeSpan.FromMinutes(1) };

    private static string Text(Found found) =>
        found switch
        {
            Found.Document document => $"{Encoding.UTF8.GetString(document.Bytes.Span)} {document.Touched} "
                + $"{document.RecomputeAt?.UtcDateTime:HH:mm:ss}",
            Found.Absent => "absent",
            Found.Miss miss => miss.Reason.ToString(),
            _ => "?",
        };
}
