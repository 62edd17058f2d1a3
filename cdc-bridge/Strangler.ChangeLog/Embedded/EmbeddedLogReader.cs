using System.Data;
using Npgsql;
using NpgsqlTypes;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>Reads the embedded log. No transaction stays open between two calls.</summary>
internal sealed class EmbeddedLogReader(NpgsqlDataSource store)
{
    /// <summary>
    /// A segment's part of a page, in the order of the primary key, limited by count and by a running sum of bytes. The
    /// server sums lengths, which it knows without fetching long values, so a page that is limited by its bytes is
    /// neither read nor sent further. The first record that doesn't fit is returned without its value. The segment is
    /// compared for equality, because only then does a B-tree scan start at the row comparison; with just a lower bound
    /// on its first column it would start at that bound, and every page would skip everything before it.
    /// </summary>
    internal const string Page = """
        select epoch, "commit", ordinal, xid, kind, topic, fits,
            case when fits then key end as key,
            case when fits then headers end as headers,
            case when fits then value end as value
        from (
            select *, (n <= $8 and total <= $9) or (n = 1 and $10) as fits
            from (
                select *, row_number() over w as n, sum(bytes) over w as total
                from (
                    select *,
                        coalesce(octet_length(key), 0)
                            + coalesce(octet_length(headers), 0)
                            + coalesce(octet_length(value), 0) as bytes
                    from log.record
                    where segment = $1
                        and (epoch, "commit", ordinal) > ($2, $3, $4)
                        and (epoch, "commit", ordinal) <= ($5, $6, $7)
                    order by epoch, "commit", ordinal
                    limit $8::bigint + 1
                ) behind
                window w as (order by epoch, "commit", ordinal rows unbounded preceding)
            ) summed
        ) judged
        where n <= 2 or total - bytes <= $9
        order by epoch, "commit", ordinal
        """;

    public async Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken)
    {
        // A new epoch begins with a snapshot, in a segment of its own. The end is in that epoch once the snapshot is
        // complete.
        const string sql = $"""
            select {SourceRow.Columns}, exists (select from log.segment g where g.source = s.id) as has_segments,
                e.start_epoch, e.start_commit, e.start_ordinal, t.epoch as trusted_epoch, t.server as verified_server
            from log.source s
            left join log.trust t on t.source = s.name
            left join lateral (
                select *
                from log.segment g
                where g.source = s.id and g.starts_epoch and g.epoch <= s.end_epoch
                order by g.segment
                limit 1
            ) e on true
            where s.name = $1
            """;
        await using var command = store.CreateCommand(sql);
        command.Parameters.With(source);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        var found = SourceRow.Of(row);
        var isAppendedTo = found.End is not null || row.GetBoolean("has_segments");
        if (!isAppendedTo)
            return null;
        var snapshot = found.BeginsWithSnapshot ? found.Begin : PositionColumns.Of(row, "start_").ReadOrNull(row);
        return new LogExtent(found.Begin, found.End, found.EndAt ?? default, snapshot)
        {
            CatalogueSeen = found.CatalogueSeen,
            TrustedEpoch = row.ValueOrNull<int>("trusted_epoch") ?? 0,
            VerifiedServer = row.TextOrNull("verified_server"),
        };
    }

    public async Task<Position?> EndAsync(string source, CancellationToken cancellationToken)
    {
        await using var command = store.CreateCommand(
            "select end_epoch, end_commit, end_ordinal from log.source where name = $1"
        );
        command.Parameters.With(source);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? PositionColumns.Of(row, "end_").ReadOrNull(row) : null;
    }

    /// <summary>
    /// 1. The end, and the segments that the page spans; their numbers have no gaps. 2. The page's records, segment by
    /// segment, and after each where the log begins: if the segment was dropped before its statement ran, the beginning
    /// has moved. 3. The time of the last record, if the page doesn't reach the end.
    /// </summary>
    public async Task<LogRead<LogPage>> PageAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);

        // 1.
        var range = await RangeAsync(connection, source, after, cancellationToken);
        if (after < range?.Begin)
            return LogFault.Dropped(source, after, range.Begin);
        if (after > (range?.End ?? Position.Start))
            return LogFault.EndsBefore(source, after, range?.End);
        if (range is null)
            return new LogPage([], after, default);
        if (range.End is not { } end || end == after || range.First is not { } first || range.Last is not { } last)
            return new LogPage([], range.End > after ? range.End.Value : after, range.EndAt ?? default);

        // 2.
        var records = new List<LogRecord>();
        Position? next = null;
        var segment = first;
        var left = limit with { Records = Math.Max(1, limit.Records) };
        for (var number = first; number <= last && next is null; number++)
        {
            var count = records.Count;
            (next, var begin) = await RecordsAsync(
                connection,
                source,
                number,
                (after, end),
                left,
                records,
                cancellationToken
            );
            if (after < begin)
                return LogFault.Dropped(source, after, begin);
            if (records.Count == count)
                continue;
            segment = number;
            left = new LogReadLimit(
                left.Records - (records.Count - count),
                left.Bytes - records.Skip(count).Sum(RecordSize.Of)
            );
        }
        var through = PageEnd.Through(after, records.Count == 0 ? null : records[^1].Position, next, end);
        if (through == end)
            return new LogPage(records, through, range.EndAt ?? default);

        // 3.
        return new LogPage(
            records,
            through,
            await TimeAsync(connection, (first, segment), through, cancellationToken) ?? default
        );
    }

    /// <summary>
    /// The segment is chosen by its earliest time, so that only one is searched: the last segment with any transaction
    /// at or before the requested time contains the last such transaction.
    /// </summary>
    public async Task<LogRead<Position>> SeekAsync(
        string source,
        DateTimeOffset time,
        CancellationToken cancellationToken
    )
    {
        const string sql = $"""
            select {SourceRow.Columns}, t.epoch as found_epoch, t."commit" as found_commit
            from log.source s
            left join lateral (
                select segment
                from log.segment
                where source = s.id and oldest_at <= $2
                order by segment desc
                limit 1
            ) g on true
            left join lateral (
                select epoch, "commit"
                from log.transaction
                where segment = g.segment and committed_at <= $2
                order by segment desc, epoch desc, "commit" desc
                limit 1
            ) t on true
            where s.name = $1
            """;
        await using var command = store.CreateCommand(sql);
        command.Parameters.With(source).With(time);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return LogFault.BeginsAfter(source, time, null);
        if (row.LsnOrNull("found_commit") is { } commit)
            return Position.EndOf(row.GetInt32("found_epoch"), commit);
        var found = SourceRow.Of(row);
        return found.BeginAt <= time ? found.Begin : LogFault.BeginsAfter(source, time, found.Begin);
    }

    private sealed record PageRange(Position Begin, Position? End, DateTimeOffset? EndAt, long? First, long? Last);

    private static async Task<PageRange?> RangeAsync(
        NpgsqlConnection connection,
        string source,
        Position after,
        CancellationToken cancellationToken
    )
    {
        const string sql = """
            select s.begin_epoch, s.begin_commit, s.begin_ordinal, s.end_epoch, s.end_commit, s.end_ordinal, s.end_at,
                (
                    select segment
                    from log.segment
                    where source = s.id and (start_epoch, start_commit, start_ordinal) <= ($2, $3, $4)
                    order by segment desc
                    limit 1
                ) as first_segment,
                (
                    select segment
                    from log.segment
                    where source = s.id
                        and (start_epoch, start_commit, start_ordinal) < (s.end_epoch, s.end_commit, s.end_ordinal)
                    order by segment desc
                    limit 1
                ) as last_segment
            from log.source s
            where s.name = $1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.With(source).With(after);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        return new PageRange(
            PositionColumns.Of(row, "begin_").Read(row),
            PositionColumns.Of(row, "end_").ReadOrNull(row),
            row.ValueOrNull<DateTimeOffset>("end_at"),
            row.ValueOrNull<long>("first_segment"),
            row.ValueOrNull<long>("last_segment")
        );
    }

    /// <summary>
    /// Adds a segment's records to the page. Returns the first record that doesn't fit, and where the log begins after
    /// that.
    /// </summary>
    private static async Task<(Position? Next, Position Begin)> RecordsAsync(
        NpgsqlConnection connection,
        string source,
        long segment,
        (Position After, Position End) between,
        LogReadLimit left,
        List<LogRecord> records,
        CancellationToken cancellationToken
    )
    {
        const string begin = "select begin_epoch, begin_commit, begin_ordinal from log.source where name = $1";
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Page), new(begin) } };
        batch
            .BatchCommands[0]
            .Parameters.With(segment)
            .With(between.After)
            .With(between.End)
            .With(left.Records)
            .With(left.Bytes)
            .With(records.Count == 0, NpgsqlDbType.Boolean);
        batch.BatchCommands[1].Parameters.With(source);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var columns = RecordColumns.Of(row);
        Position? next = null;
        while (next is null && await row.ReadAsync(cancellationToken))
        {
            if (row.GetBoolean(columns.Fits))
                records.Add(columns.Read(row));
            else
                next = columns.Position.Read(row);
        }
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (next, PositionColumns.Of(row, "begin_").Read(row));
    }

    private static async Task<DateTimeOffset?> TimeAsync(
        NpgsqlConnection connection,
        (long First, long Last) segments,
        Position reached,
        CancellationToken cancellationToken
    )
    {
        const string sql = """
            select committed_at
            from log.transaction
            where segment between $1 and $2 and (segment, epoch, "commit") <= ($2, $3, $4)
            order by segment desc, epoch desc, "commit" desc
            limit 1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command
            .Parameters.With(segments.First)
            .With(segments.Last)
            .With(reached.Epoch)
            .With(Parameters.Number(reached.Commit), NpgsqlDbType.PgLsn);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? row.ValueOrNull<DateTimeOffset>("committed_at") : null;
    }
}
