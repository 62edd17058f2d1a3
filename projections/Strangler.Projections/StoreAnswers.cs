using System.Data;
using System.Globalization;
using Npgsql;
using Strangler.Foundation.Postgres;
using Strangler.Projections.Answering;

namespace Strangler.Projections;

/// <summary>
/// Answers look-ups from the store: one prepared statement per look-up, and so one snapshot. A store that doesn't
/// answer in time causes an exception, never a guess.
/// </summary>
/// <param name="store">The store; its pool bounds how many look-ups run at once.</param>
/// <param name="time">
/// The reader's clock, by which documents become due until the projections have stored theirs.
/// </param>
public sealed class StoreAnswers(NpgsqlDataSource store, TimeProvider time) : IAnswers
{
    /// <summary>
    /// How long the store may take for a look-up, including opening a connection. A caller's own limit is shorter: a
    /// route's <c>LookupTimeout</c> is at most this.
    /// </summary>
    /// <value>1 min.</value>
    internal TimeSpan LookupPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the store may take for anything else, including opening a connection.</summary>
    /// <value>2 s.</value>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How far the clock for which a document was computed may be ahead of the reader's; a document further ahead is
    /// due.
    /// </summary>
    /// <value>5 s.</value>
    public TimeSpan Skew { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An SQL expression on the store, with <c>{0}</c> for a source and <c>{1}</c> for an epoch, that returns as text
    /// the <see cref="SourceVerification"/> after which positions of that epoch may be answered from. If it returns
    /// null, the source's history may differ from the log's, and every key misses as if dirty. The log that fills the
    /// same store provides it; null if none is checked.
    /// </summary>
    public string? VerificationSql
    {
        get;
        init
        {
            field = value;
            (_findOne, _findMany) = (Verified(FindOne, value), Verified(FindMany, value));
            (_watermark, _buildState) = (Verified(WatermarkSql, value), Verified(BuildStateSql, value));
        }
    }

    /// <summary>
    /// A pool for look-ups. They leave nothing behind in a session, so it isn't reset between two of them, which would
    /// cost as much as a look-up. And sequential scans are off: a plan that was cached while a table was empty would
    /// scan all of it after it has grown, for example a million waiting keys at each look-up.
    /// </summary>
    /// <param name="connection">Npgsql's connection string of the store.</param>
    public static NpgsqlDataSource Pool(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            NoResetOnClose = true,
            CommandTimeout = 0, // each call has its own limit
            ApplicationName = "strangler lookup",
        };
        settings.Options = $"{settings.Options} -c enable_seqscan=off".TrimStart();
        return NpgsqlDataSource.Create(settings);
    }

    private readonly string _findOne = Verified(FindOne, null);
    private readonly string _findMany = Verified(FindMany, null);
    private readonly string _watermark = Verified(WatermarkSql, null);
    private readonly string _buildState = Verified(BuildStateSql, null);

    private const string VerificationHere = "{verification}";

    // One index look-up per table and key, whatever the planner assumes about the tables' sizes: 'limit' prevents each
    // from being joined as a whole.
    private const string Columns = """
        select c.source, c.epoch, c.commit, c.ordinal, c.at, b.state, b.version,
            exists (
                select from projections.source_table t
                where t.in_doubt
                    and t.id in (select r.source_table from projections.reads r where r.build = b.id offset 0)
            ) as in_doubt,
            d.bytes, d.ask_legacy, d.touched_epoch, d.touched_commit, d.recompute_at, d.computed_for,
        """;

    // PostgreSQL caches this plan. For an array of keys it plans every time, because it expects arrays of other
    // lengths: four times the work of the look-up.
    private const string FindOne =
        Columns
        + """
                exists (
                    select from projections.quarantine where build = b.id and key = $2::text collate "C"
                ) as quarantined,
                exists (select from projections.dirty where build = b.id and key = $2::text collate "C") as dirty,
                clock_timestamp() + make_interval(secs => c.clock_ahead) as clock, {verification} as verification
            from projections.build b
            left join projections.checkpoint c on c.source = b.source
            left join lateral (
                select * from projections.document where build = b.id and key = $2::text collate "C" limit 1
            ) d on true
            where b.projection = $1 and b.state <> 'old'
            """;

    private const string FindMany =
        Columns
        + """
                q.build is not null as quarantined, w.build is not null as dirty,
                clock_timestamp() + make_interval(secs => c.clock_ahead) as clock, {verification} as verification
            from projections.build b
            cross join unnest($2::text[]) with ordinality as k (key, n)
            left join lateral (select * from projections.checkpoint where source = b.source limit 1) c on true
            left join lateral (
                select * from projections.document where build = b.id and key = k.key collate "C" limit 1
            ) d on true
            left join lateral (
                select build from projections.quarantine where build = b.id and key = k.key collate "C" limit 1
            ) q on true
            left join lateral (
                select build from projections.dirty where build = b.id and key = k.key collate "C" limit 1
            ) w on true
            where b.projection = $1 and b.state <> 'old'
            order by k.n
            """;

    private const string WatermarkSql = """
        select c.source, c.epoch, c.commit, c.ordinal, c.at, {verification} as verification
        from projections.build b join projections.checkpoint c on c.source = b.source
        where b.projection = $1 and b.state <> 'old'
        """;

    // Tables that somebody has to fix come first. The messages name tables and columns of the source, so their length
    // is limited here.
    private const string BuildStateSql = """
        select b.version, b.code, b.cultures,
            case when b.state = 'stopped' then left(coalesce(b.problem, ''), 4000) end as problem,
            c.source is not null and {verification} is null as distrusted,
            t.names, t.doubts, t.total
        from projections.build b
        left join projections.checkpoint c on c.source = b.source
        left join lateral (
            select (array_agg(name order by n))[:3] as names, (array_agg(doubt order by n))[:3] as doubts,
                count(*) as total
            from (
                select s.schema || '.' || s.name as name, left(s.doubt, 4000) as doubt,
                    row_number() over (order by s.doubt is null, s.schema, s.name) as n
                from projections.reads r
                join projections.source_table s on s.id = r.source_table
                where r.build = b.id and s.in_doubt
            ) d
        ) t on true
        where b.projection = $1 and b.state <> 'old'
        """;

    public async ValueTask<Lookup> FindAsync(
        ProjectionId projection,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    )
    {
        if (keys.Count == 0)
            return new Lookup([], await WatermarkAsync(projection.Name, cancellationToken));

        using var patience = Limit(LookupPatience, cancellationToken);
        try
        {
            await using var connection = await store.OpenConnectionAsync(patience.Token);
            await using var command = new NpgsqlCommand(keys.Count == 1 ? _findOne : _findMany, connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = projection.Name },
                    keys.Count == 1
                        ? new NpgsqlParameter<string> { TypedValue = keys[0] }
                        : new NpgsqlParameter<string[]> { TypedValue = keys as string[] ?? [.. keys] },
                },
            };
            await command.PrepareAsync(patience.Token);
            await using var reader = await command.ExecuteReaderAsync(patience.Token);
            var columns = LookupColumns.Of(reader);
            var found = new Found[keys.Count];
            Watermark? watermark = null;
            DateTimeOffset? clock = null;
            // a projection without a build has no row
            var miss = KeyAnswerPolicy.MissOfAll(default, projection.Version);
            var read = 0;
            for (; await reader.ReadAsync(patience.Token); read++)
            {
                if (read == 0)
                {
                    watermark = columns.Watermark.Read(reader);
                    clock = reader.ValueOrNull<DateTimeOffset>(columns.Clock);
                    var isDistrusted = VerificationSql is not null && watermark?.Verification is null;
                    miss = KeyAnswerPolicy.MissOfAll(
                        columns.Build(reader, watermark is not null, isDistrusted),
                        projection.Version
                    );
                }
                found[read] = miss is { } reason
                    ? KeyAnswerPolicy.Missed(reason)
                    : KeyAnswerPolicy.Of(columns.Key(reader), clock ?? time.GetUtcNow(), Skew);
            }
            if (read == 0 && miss is { } none)
                Array.Fill(found, KeyAnswerPolicy.Missed(none));
            else if (read != found.Length)
                throw new InvalidOperationException($"The look-up of {keys.Count} keys found {read}.");
            return new Lookup(found, watermark) { Clock = clock };
        }
        catch (Exception exception) when (IsUnavailable(exception, cancellationToken))
        {
            throw Unavailable(exception, LookupPatience);
        }
    }

    public async ValueTask<Watermark?> WatermarkAsync(string projection, CancellationToken cancellationToken)
    {
        using var patience = Limit(Patience, cancellationToken);
        try
        {
            await using var connection = await store.OpenConnectionAsync(patience.Token);
            await using var command = new NpgsqlCommand(_watermark, connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = projection } },
            };
            await command.PrepareAsync(patience.Token);
            await using var reader = await command.ExecuteReaderAsync(patience.Token);
            return await reader.ReadAsync(patience.Token) ? WatermarkColumns.Of(reader).Read(reader) : null;
        }
        catch (Exception exception) when (IsUnavailable(exception, cancellationToken))
        {
            throw Unavailable(exception, Patience);
        }
    }

    public async ValueTask<long?> KeysAsync(ProjectionId projection, CancellationToken cancellationToken)
    {
        using var patience = Limit(Patience, cancellationToken);
        try
        {
            await using var connection = await store.OpenConnectionAsync(patience.Token);
            await using var command = new NpgsqlCommand(
                """
                select (select count(*) from projections.document d where d.build = b.id and d.bytes is not null)
                from projections.build b
                where b.projection = $1 and b.version = $2 and b.state = 'live'
                """,
                connection
            )
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = projection.Name },
                    new NpgsqlParameter<string> { TypedValue = projection.Version },
                },
            };
            return (long?)await command.ExecuteScalarAsync(patience.Token);
        }
        catch (Exception exception) when (IsUnavailable(exception, cancellationToken))
        {
            throw Unavailable(exception, Patience);
        }
    }

    public async ValueTask<BuildState?> BuildAsync(string projection, CancellationToken cancellationToken)
    {
        using var patience = Limit(Patience, cancellationToken);
        try
        {
            await using var connection = await store.OpenConnectionAsync(patience.Token);
            await using var command = new NpgsqlCommand(_buildState, connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = projection } },
            };
            await using var reader = await command.ExecuteReaderAsync(patience.Token);
            return await reader.ReadAsync(patience.Token) ? State(reader) : null;
        }
        catch (Exception exception) when (IsUnavailable(exception, cancellationToken))
        {
            throw Unavailable(exception, Patience);
        }
    }

    /// <summary>In real time, independent of the reader's clock: it limits waiting for a server.</summary>
    private static CancellationTokenSource Limit(TimeSpan patience, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(patience);
        return source;
    }

    private static string Verified(string sql, string? verification)
    {
        var expression = string.Format(
            CultureInfo.InvariantCulture,
            verification ?? "null::text",
            "c.source",
            "c.epoch"
        );
        return sql.Replace(VerificationHere, expression, StringComparison.Ordinal);
    }

    private BuildState State(NpgsqlDataReader reader)
    {
        var tables = reader.IsDBNull("names") ? [] : reader.GetFieldValue<string[]>("names");
        var doubts = reader.IsDBNull("doubts") ? [] : reader.GetFieldValue<string?[]>("doubts");
        return new BuildState(reader.GetString("version"))
        {
            Code =
                reader.TextOrNull("code") is { } code && reader.TextOrNull("cultures") is { } cultures
                    ? new ProjectionCode(code, cultures)
                    : null,
            Problem = reader.TextOrNull("problem"),
            IsDistrusted = VerificationSql is not null && reader.GetBoolean("distrusted"),
            InDoubt = [.. tables.Zip(doubts, (table, why) => new TableInDoubt(table, why))],
            InDoubtCount = reader.GetInt64("total"),
        };
    }

    private static bool IsUnavailable(Exception exception, CancellationToken cancellationToken) =>
        exception is NpgsqlException or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static AnswersUnavailableException Unavailable(Exception exception, TimeSpan patience) =>
        new(
            exception switch
            {
                OperationCanceledException or TimeoutException =>
                    $"The store of the documents did not answer within {patience.TotalSeconds} s.",
                PostgresException
                {
                    SqlState: PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InvalidSchemaName
                        or PostgresErrorCodes.UndefinedColumn
                } refused => "The store of the documents lacks this program's tables: "
                    + $"{refused.MessageText}. Run 'strangler migrate'.",
                PostgresException refused => $"The store of the documents refused the look-up: {refused.MessageText}.",
                _ => $"The store of the documents does not answer: {exception.Message}",
            },
            exception
        );
}
