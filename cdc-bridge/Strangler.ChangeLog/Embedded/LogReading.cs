using Npgsql;
using NpgsqlTypes;

namespace Strangler.ChangeLog.Embedded;

/// <summary>Reads the embedded log. No transaction is held open between two calls.</summary>
internal sealed class LogReading(NpgsqlDataSource store)
{
    /// <summary>
    /// A page: an append over the partitions in the order of their primary keys, cut by count and then by a running sum of bytes. The server sums lengths, which it knows without fetching long values,
    /// so that a page that is cut by its bytes is neither read nor sent further. The first record that does not fit comes without its value.
    /// </summary>
    internal const string Page = """
        select epoch, "commit", ordinal, xid, kind, topic, fits, segment, case when fits then key end, case when fits then headers end, case when fits then value end
        from (
            select *, n <= $9 and (n = 1 or total <= $10) as fits
            from (
                select *, row_number() over w as n, sum(bytes) over w as total
                from (
                    select *, coalesce(octet_length(key), 0) + coalesce(octet_length(headers), 0) + coalesce(octet_length(value), 0) as bytes
                    from log.record
                    where segment between $1 and $5 and (segment, epoch, "commit", ordinal) > ($1, $2, $3, $4) and (segment, epoch, "commit", ordinal) <= ($5, $6, $7, $8)
                    order by segment, epoch, "commit", ordinal
                    limit $9::bigint + 1
                ) behind
                window w as (order by segment, epoch, "commit", ordinal rows unbounded preceding)
            ) summed
        ) judged
        where n <= 2 or total - bytes <= $10
        order by segment, epoch, "commit", ordinal
        """;

    public async Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken)
    {
        const string sql = $"select {SourceRow.Columns}, exists (select from log.segment g where g.source = s.id) from log.source s where s.name = $1";
        await using var command = store.CreateCommand(sql);
        command.Parameters.With(source);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        var found = SourceRow.Of(row);
        var isAppendedTo = found.End is not null || row.GetBoolean(SourceRow.Count);
        return isAppendedTo ? new LogExtent(found.Begin, found.End, found.EndAt ?? default, found.HoldsSnapshot) : null;
    }

    public async Task<Position?> EndAsync(string source, CancellationToken cancellationToken)
    {
        await using var command = store.CreateCommand("select end_epoch, end_commit, end_ordinal from log.source where name = $1");
        command.Parameters.With(source);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? row.PositionAt(0) : null;
    }

    /// <summary>
    /// 1. The end, and the segments between which the page lies. 2. The page's records, in one statement, and after it where the log begins: had a segment been dropped before the statement saw its partitions,
    /// the beginning has moved. 3. The time of the last record, where the page does not reach the end.
    /// </summary>
    public async Task<LogPage> PageAsync(string source, Position after, LogReadLimit limit, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);

        // 1.
        var range = await RangeAsync(connection, source, after, cancellationToken);
        if (range is null) return new LogPage([], after, default);
        if (after < range.Begin) throw LogFault.Dropped(source, after, range.Begin);
        if (range.End is not { } end || end <= after || range.First is not { } first || range.Last is not { } last) return new LogPage([], range.End > after ? range.End.Value : after, range.EndAt ?? default);

        // 2.
        var (records, next, segment, begin) = await RecordsAsync(connection, source, (first, after), (last, end), limit, cancellationToken);
        if (after < begin) throw LogFault.Dropped(source, after, begin);
        var through = PageEnd.Through(after, records.Count == 0 ? null : records[^1].Position, next, end);
        if (through == end) return new LogPage(records, through, range.EndAt ?? default);

        // 3.
        return new LogPage(records, through, await TimeAsync(connection, (first, segment), through, cancellationToken) ?? default);
    }

    /// <summary>The segment is chosen by its earliest time, so that only one is searched: the last that has any transaction at or before the asked time has the last such transaction.</summary>
    public async Task<Position> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {SourceRow.Columns}, t.epoch, t."commit"
            from log.source s
            left join lateral (select segment from log.segment where source = s.id and oldest_at <= $2 order by segment desc limit 1) g on true
            left join lateral (select epoch, "commit" from log.transaction where segment = g.segment and committed_at <= $2 order by segment desc, epoch desc, "commit" desc limit 1) t on true
            where s.name = $1
            """;
        await using var command = store.CreateCommand(sql);
        command.Parameters.With(source).With(time);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) throw LogFault.BeginsAfter(source, time, null);
        if (!row.IsDBNull(SourceRow.Count)) return Position.EndOf(row.GetInt32(SourceRow.Count), new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(SourceRow.Count + 1)));
        var found = SourceRow.Of(row);
        return found.BeginAt <= time ? found.Begin : throw LogFault.BeginsAfter(source, time, found.Begin);
    }

    private sealed record PageRange(Position Begin, Position? End, DateTimeOffset? EndAt, long? First, long? Last);

    private static async Task<PageRange?> RangeAsync(NpgsqlConnection connection, string source, Position after, CancellationToken cancellationToken)
    {
        const string sql = """
            select s.begin_epoch, s.begin_commit, s.begin_ordinal, s.end_epoch, s.end_commit, s.end_ordinal, s.end_at,
                (select segment from log.segment where source = s.id and (start_epoch, start_commit, start_ordinal) <= ($2, $3, $4) order by segment desc limit 1),
                (select segment from log.segment where source = s.id and (start_epoch, start_commit, start_ordinal) < (s.end_epoch, s.end_commit, s.end_ordinal) order by segment desc limit 1)
            from log.source s where s.name = $1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.With(source).With(after);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new PageRange(row.PositionAt(0)!.Value, row.PositionAt(3), row.TimeAt(6), row.IsDBNull(7) ? null : row.GetInt64(7), row.IsDBNull(8) ? null : row.GetInt64(8));
    }

    private static async Task<(List<LogRecord> Records, Position? Next, long Segment, Position Begin)> RecordsAsync(
        NpgsqlConnection connection, string source, (long Segment, Position Position) after, (long Segment, Position Position) end, LogReadLimit limit, CancellationToken cancellationToken)
    {
        const string begin = "select begin_epoch, begin_commit, begin_ordinal from log.source where name = $1";
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Page), new(begin) } };
        batch.BatchCommands[0].Parameters.With(after.Segment).With(after.Position).With(end.Segment).With(end.Position).With(Math.Max(1, limit.Records)).With(limit.Bytes);
        batch.BatchCommands[1].Parameters.With(source);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var records = new List<LogRecord>();
        Position? next = null;
        var segment = after.Segment;
        while (next is null && await row.ReadAsync(cancellationToken))
        {
            if (!row.GetBoolean(6))
            {
                next = row.PositionAt(0);
                continue;
            }
            records.Add(Record(row));
            segment = row.GetInt64(7);
        }
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (records, next, segment, row.PositionAt(0)!.Value);
    }

    private static LogRecord Record(NpgsqlDataReader row) =>
        new(row.PositionAt(0)!.Value, row.GetFieldValue<ulong>(3), (LogRecordKind)row.GetInt16(4), row.GetString(5), row.BytesAt(8), HeaderBytes.Decode(row.BytesAt(9)), row.BytesAt(10));

    private static async Task<DateTimeOffset?> TimeAsync(NpgsqlConnection connection, (long First, long Last) segments, Position reached, CancellationToken cancellationToken)
    {
        const string sql = """
            select committed_at from log.transaction where segment between $1 and $2 and (segment, epoch, "commit") <= ($2, $3, $4)
            order by segment desc, epoch desc, "commit" desc limit 1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.With(segments.First).With(segments.Last).With(reached.Epoch).With(Parameters.Number(reached.Commit), NpgsqlDbType.PgLsn);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? row.TimeAt(0) : null;
    }
}
