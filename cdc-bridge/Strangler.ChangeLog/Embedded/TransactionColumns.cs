using Npgsql;
using NpgsqlTypes;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>The columns of transactions of the log, found by name once for all rows of a result.</summary>
internal readonly record struct TransactionColumns(
    int Commit,
    int Xid,
    int CommittedAt,
    int Records,
    int Digest,
    int Previous
)
{
    public static TransactionColumns Of(NpgsqlDataReader row) =>
        new(
            row.GetOrdinal("commit"),
            row.GetOrdinal("xid"),
            row.GetOrdinal("committed_at"),
            row.GetOrdinal("records"),
            row.GetOrdinal("digest"),
            row.GetOrdinal("previous")
        );

    public LogTransaction Read(NpgsqlDataReader row) =>
        new(
            new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(Commit)),
            row.GetFieldValue<ulong>(Xid),
            row.GetFieldValue<DateTimeOffset>(CommittedAt),
            row.GetInt32(Records),
            row.BytesOrNull(Digest) is { } bytes ? TransactionDigest.FromBytes(bytes) : null
        )
        {
            Previous = row.IsDBNull(Previous)
                ? null
                : new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(Previous)),
        };
}
