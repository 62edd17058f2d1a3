using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>The statements of an append, sent in one batch: a single round trip.</summary>
internal static class AppendStatements
{
    /// <summary>
    /// The maximum size of an insert statement in bytes, so that the server never builds larger arrays.
    /// </summary>
    private const long InsertBytes = 8 << 20;

    /// <summary>Attaching an existing table doesn't block readers, whereas creating it as a partition does.</summary>
    public static void AddSegment(NpgsqlBatch batch, short source, SegmentRow segment)
    {
        const string insert = """
            insert into log.segment
                (segment, source, epoch, starts_epoch, start_epoch, start_commit, start_ordinal, start_at, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """;
        foreach (var parent in (string[])["record", "transaction"])
        {
            Add(batch, $"create table {Table(parent, segment.Number)} (like log.{parent} including all)");
            Add(
                batch,
                $"alter table log.{parent} attach partition {Table(parent, segment.Number)} for values from "
                    + $"({segment.Number}) to ({segment.Number + 1})"
            );
        }
        Add(batch, insert)
            .Parameters.With(segment.Number)
            .With(source, NpgsqlDbType.Smallint)
            .With(segment.Epoch)
            .With(segment.StartsEpoch, NpgsqlDbType.Boolean)
            .With(segment.Start)
            .With(segment.StartAt)
            .With(segment.CreatedAt);
    }

    public static void AddRecords(NpgsqlBatch batch, AppendPart part)
    {
        for (var from = 0; from < part.Records.Count; )
        {
            var to = from;
            for (
                long bytes = 0;
                to < part.Records.Count && (to == from || bytes + RecordSize.Of(part.Records[to]) <= InsertBytes);
                to++
            )
                bytes += RecordSize.Of(part.Records[to]);
            AddRecords(batch, part.Segment.Number, part.Records, from, to - from);
            from = to;
        }
    }

    public static void AddTransactions(NpgsqlBatch batch, AppendPart part)
    {
        const string insert = """
            insert into log.transaction (segment, epoch, "commit", xid, committed_at, records, digest, previous)
            select $1, $2, t.commit::pg_lsn, t.xid, t.committed_at, t.records, t.digest, t.previous::pg_lsn
            from unnest($3, $4, $5, $6, $7, $8) t ("commit", xid, committed_at, records, digest, previous)
            """;
        if (part.Transactions.Count == 0)
            return;
        Add(batch, insert)
            .Parameters.With(part.Segment.Number)
            .With(part.Segment.Epoch)
            .WithArray(part.Transactions.Select(transaction => transaction.Commit.ToString()).ToArray(), "text")
            .WithArray(part.Transactions.Select(transaction => transaction.Xid).ToArray(), "xid8")
            .WithArray(
                part.Transactions.Select(transaction => transaction.CommittedAt.ToUniversalTime()).ToArray(),
                "timestamp with time zone"
            )
            .WithArray(part.Transactions.Select(transaction => transaction.Records).ToArray(), "integer")
            .WithArray(part.Transactions.Select(transaction => transaction.Digest?.ToBytes()).ToArray(), "bytea")
            .WithArray(part.Transactions.Select(transaction => transaction.Previous?.ToString()).ToArray(), "text");
    }

    public static void AddSums(NpgsqlBatch batch, AppendPart part)
    {
        const string sum = """
            update log.segment set
                records = records + $2,
                bytes = bytes + $3,
                oldest_at = least(oldest_at, $4),
                newest_at = greatest(newest_at, $5),
                newest_xid = greatest(newest_xid, $6)
            where segment = $1
            """;
        DateTimeOffset? oldest =
            part.Transactions.Count == 0 ? null : part.Transactions.Min(transaction => transaction.CommittedAt);
        DateTimeOffset? newest =
            part.Transactions.Count == 0 ? null : part.Transactions.Max(transaction => transaction.CommittedAt);
        Add(batch, sum)
            .Parameters.With(part.Segment.Number)
            .With((long)part.Records.Count)
            .With(part.Bytes)
            .With(oldest)
            .With(newest)
            .With(
                part.Transactions.Count == 0 ? null : part.Transactions.Max(transaction => transaction.Xid),
                NpgsqlDbType.Xid8
            );
    }

    /// <summary>The table of a segment, quoted: a partition of <paramref name="parent"/>.</summary>
    public static string Table(string parent, long segment) =>
        SqlName.Quote("log", string.Create(CultureInfo.InvariantCulture, $"{parent}_{segment}"));

    public static NpgsqlBatchCommand Add(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    private static void AddRecords(
        NpgsqlBatch batch,
        long segment,
        IReadOnlyList<LogRecord> records,
        int from,
        int count
    )
    {
        const string insert = """
            insert into log.record (segment, epoch, "commit", ordinal, xid, kind, topic, key, headers, value)
            select $1, $2, r.commit::pg_lsn, r.ordinal, r.xid, r.kind, r.topic, r.key, r.headers, r.value
            from unnest($3, $4, $5, $6, $7, $8, $9, $10) r ("commit", ordinal, xid, kind, topic, key, headers, value)
            """;
        (Lsn Lsn, string? Text) written = default;
        Add(batch, insert)
            .Parameters.With(segment)
            .With(records[from].Position.Epoch)
            .WithArray(Column(record => Text(record.Position.Commit)), "text")
            .WithArray(Column(record => record.Position.Ordinal), "integer")
            .WithArray(Column(record => record.Xid), "xid8")
            .WithArray(Column(record => (short)record.Kind), "smallint")
            .WithArray(Column(record => record.Topic), "text")
            .WithArray(Column(record => record.Key), "bytea")
            .WithArray(Column(record => HeaderBytes.Encode(record.Headers)), "bytea")
            .WithArray(Column(record => record.Value), "bytea");

        // Npgsql doesn't support arrays of pg_lsn, so the LSN is sent as text; the records of a transaction share it.
        string Text(Lsn commit)
        {
            if (commit != written.Lsn || written.Text is null)
                written = (commit, commit.ToString());
            return written.Text;
        }

        T[] Column<T>(Func<LogRecord, T> of)
        {
            var column = new T[count];
            for (var index = 0; index < count; index++)
                column[index] = of(records[from + index]);
            return column;
        }
    }
}
