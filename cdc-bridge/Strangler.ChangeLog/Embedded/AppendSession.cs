using Npgsql;
using NpgsqlTypes;
using static Strangler.ChangeLog.Embedded.AppendStatements;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// The store transactions of an appender. Each begins with the fence: it locks the source's row by the appender's
/// token, so that of two appenders only the newer one proceeds.
/// </summary>
internal sealed class AppendSession(NpgsqlDataSource store, string source, long token)
{
    /// <summary>How many segments one transaction drops: each holds locks on two tables and their indexes.</summary>
    private const int DropLimit = 32;

    /// <summary>
    /// Durable before the commit returns, whatever the server's default. A client whose machine has died holds the lock
    /// for at most half a minute.
    /// </summary>
    private const string Settings = """
        select
            set_config(
                'synchronous_commit',
                case current_setting('synchronous_commit')
                    when 'off' then 'on'
                    else current_setting('synchronous_commit')
                end,
                true
            ),
            set_config('idle_in_transaction_session_timeout', '30s', true),
            set_config('lock_timeout', '10s', true)
        """;

    /// <summary>
    /// Takes the token and removes what the previous appender left unfinished, in one transaction. Taking the token
    /// waits for an append of the previous appender that is in progress.
    /// </summary>
    public static async Task<(AppendSession Session, SourceRow Source, SegmentRow? Newest)> OpenAsync(
        NpgsqlDataSource store,
        string source,
        CancellationToken cancellationToken
    )
    {
        const string known = "insert into log.source (name) values ($1) on conflict do nothing";
        const string take = $"""
            update log.source s set appender = appender + 1, catalogue_seen = null
            where name = $1
            returning {SourceRow.Columns}
            """;
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, new(Settings), cancellationToken);
        var insert = new NpgsqlBatchCommand(known);
        insert.Parameters.With(source);
        await ExecuteAsync(connection, insert, cancellationToken);
        SourceRow row;
        await using (var command = new NpgsqlCommand(take, connection))
        {
            command.Parameters.With(source);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            row = SourceRow.Of(reader);
        }
        var doubt = new NpgsqlBatchCommand(
            """
            insert into log.trust (source, epoch)
            select name, end_epoch + 1 from log.source where name = $1 and end_epoch is not null
            on conflict (source) do update set epoch = excluded.epoch, server = null, appender = null
            """
        );
        doubt.Parameters.With(source);
        await ExecuteAsync(connection, doubt, cancellationToken);
        var newest = await SegmentsAsync(connection, row.Id, 1, cancellationToken) is [var segment, ..]
            ? await RemoveUnfinishedAsync(connection, row, segment, cancellationToken)
            : null;
        await transaction.CommitAsync(cancellationToken);
        return (new AppendSession(store, source, row.Appender), row, newest);
    }

    /// <summary>
    /// Stores the plan. 1. The fence, with the new end. 2. The tables of new segments. 3. Records, transactions, the
    /// segments' sums, the notification of waiting readers. 4. Commit, durably.
    /// </summary>
    public async Task<bool> AppendAsync(AppendPlan plan, CancellationToken cancellationToken)
    {
        const string move = """
            update log.source set
                end_epoch = $3, end_commit = $4, end_ordinal = $5, end_at = $6,
                transaction_at = $7, next_segment = $8, "offset" = $9, catalogue_seen = $10
            where id = $1 and appender = $2
            """;
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // 1.
        var after = plan.After;
        var fence = new NpgsqlBatchCommand(move);
        fence
            .Parameters.With(after.Id, NpgsqlDbType.Smallint)
            .With(token)
            .With(after.End)
            .With(after.EndAt)
            .With(after.TransactionAt)
            .With(after.NextSegment)
            .With(after.Offset, NpgsqlDbType.Bytea)
            .With(after.CatalogueSeen is { } seen ? Parameters.Number(seen) : null, NpgsqlDbType.PgLsn);
        await FenceAsync(connection, fence, cancellationToken);

        await using var batch = new NpgsqlBatch(connection);
        foreach (var part in plan.Parts)
        {
            if (part.IsNew)
                AddSegment(batch, after.Id, part.Segment); // 2.
            AddRecords(batch, part); // 3.
            AddTransactions(batch, part);
            AddSums(batch, part);
        }
        if (after.End is { } end && end != plan.Before.End)
            Add(batch, $"select pg_notify('{EndListener.Channel}', $1)")
                .Parameters.With(EndListener.Payload(source, end));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);

        // 4.
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Removes everything after the end and stores the offset. Returns the newest segment afterwards.
    /// </summary>
    public async Task<SegmentRow?> DiscardAsync(
        SourceRow before,
        SegmentRow? newest,
        byte[] offset,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var fence = new NpgsqlBatchCommand("update log.source set \"offset\" = $3 where id = $1 and appender = $2");
        fence.Parameters.With(before.Id, NpgsqlDbType.Smallint).With(token).With(offset, NpgsqlDbType.Bytea);
        await FenceAsync(connection, fence, cancellationToken);
        var left = newest is null ? null : await RemoveUnfinishedAsync(connection, before, newest, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return left;
    }

    /// <summary>Trusts the end's epoch, as long as the source's server is the one that was compared.</summary>
    public async Task<bool> TrustAsync(SourceRow source, string server, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FenceAsync(connection, Fence(source), cancellationToken);
        var trust = new NpgsqlBatchCommand(
            """
            insert into log.trust (source, epoch, server, appender)
            select name, end_epoch, $2, appender from log.source where id = $1 and end_epoch is not null
            on conflict (source) do update set
                epoch = excluded.epoch, server = excluded.server, appender = excluded.appender
            """
        );
        trust.Parameters.With(source.Id, NpgsqlDbType.Smallint).With(server);
        await ExecuteAsync(connection, trust, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Drops the oldest segments that retention no longer keeps, at most <see cref="DropLimit"/>, and moves the
    /// beginning to after them.
    /// </summary>
    public async Task<(int Dropped, SourceRow Source)> DropAsync(
        SourceRow before,
        LogRetention retention,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        const string begin = """
            update log.source set
                begin_epoch = $3, begin_commit = $4, begin_ordinal = $5, begin_at = $6, begin_starts_epoch = $7
            where id = $1 and appender = $2
            """;
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FenceAsync(connection, Fence(before), cancellationToken);
        var segments = await SegmentsAsync(connection, before.Id, int.MaxValue, cancellationToken);
        segments.Reverse();
        var count = Math.Min(
            DropLimit,
            SegmentPolicy.Droppable([.. segments.Select(segment => (segment.Bytes, segment.NewestAt))], retention, now)
        );
        count = Math.Min(count, SegmentPolicy.Before([.. segments.Select(segment => segment.Start)], retention.Kept));
        if (count == 0)
            return (0, before);

        var first = segments[count];
        var dropped = segments.Take(count).ToList();
        var move = new NpgsqlBatchCommand(begin);
        move.Parameters.With(before.Id, NpgsqlDbType.Smallint)
            .With(token)
            .With(first.Start)
            .With(first.StartAt)
            .With(first.StartsEpoch, NpgsqlDbType.Boolean);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("set local lock_timeout = '2s'"), move },
        };
        var tables = dropped
            .Select(segment => Table("record", segment.Number))
            .Concat(dropped.Select(segment => Table("transaction", segment.Number)));
        Add(batch, $"drop table {string.Join(", ", tables)}");
        Add(batch, "delete from log.segment where segment = any($1)")
            .Parameters.WithArray(dropped.Select(segment => segment.Number).ToArray(), "bigint");
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A reader has held its lock for a long time, and other readers would queue behind us: the next retention
            // run tries again.
            return (0, before);
        }
        await transaction.CommitAsync(cancellationToken);
        return (
            count,
            before with
            {
                Begin = first.Start,
                BeginAt = first.StartAt,
                BeginStartsEpoch = first.StartsEpoch,
            }
        );
    }

    private NpgsqlBatchCommand Fence(SourceRow source)
    {
        var fence = new NpgsqlBatchCommand("update log.source set appender = appender where id = $1 and appender = $2");
        fence.Parameters.With(source.Id, NpgsqlDbType.Smallint).With(token);
        return fence;
    }

    private async Task FenceAsync(
        NpgsqlConnection connection,
        NpgsqlBatchCommand update,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Settings), update } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (update.RecordsAffected == 0)
            throw LogFault.TakenOver(source);
    }

    /// <summary>
    /// Unfinished records are always in the newest segment only. A segment that starts at the end, as that of a
    /// snapshot does, is emptied without reading its rows.
    /// </summary>
    private static async Task<SegmentRow> RemoveUnfinishedAsync(
        NpgsqlConnection connection,
        SourceRow source,
        SegmentRow newest,
        CancellationToken cancellationToken
    )
    {
        const string delete = """
            with removed as (
                delete from log.record
                where segment = $1 and (epoch, "commit", ordinal) > ($2, $3, $4)
                returning
                    coalesce(octet_length(key), 0)
                        + coalesce(octet_length(headers), 0)
                        + coalesce(octet_length(value), 0)::bigint as bytes
            ), sums as (
                select count(*) as records, coalesce(sum(bytes), 0)::bigint as bytes from removed
            )
            update log.segment g set records = g.records - sums.records, bytes = g.bytes - sums.bytes
            from sums
            where g.segment = $1
            """;
        if (newest.Records == 0)
            return newest;
        // The removed records may be very large, and nothing can continue until they are gone.
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        var holdsNothingVisible = source.End is not { } || newest.Start >= source.End;
        if (holdsNothingVisible)
        {
            Add(batch, $"truncate {Table("record", newest.Number)}");
            Add(batch, "update log.segment set records = 0, bytes = 0 where segment = $1")
                .Parameters.With(newest.Number);
        }
        else
        {
            Add(batch, delete).Parameters.With(newest.Number).With(source.End);
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (await SegmentsAsync(connection, source.Id, 1, cancellationToken))[0];
    }

    /// <summary>The newest segments, newest first.</summary>
    private static async Task<List<SegmentRow>> SegmentsAsync(
        NpgsqlConnection connection,
        short source,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"select {SegmentRow.Columns} from log.segment where source = $1 order by segment desc limit $2",
            connection
        );
        command.Parameters.With(source, NpgsqlDbType.Smallint).With(limit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var segments = new List<SegmentRow>();
        while (await row.ReadAsync(cancellationToken))
            segments.Add(SegmentRow.Of(row));
        return segments;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        NpgsqlBatchCommand command,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
