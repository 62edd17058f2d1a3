using Npgsql;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>The columns of <see cref="EmbeddedLogReader.Page"/>, found by name once for all its rows.</summary>
internal readonly record struct RecordColumns(
    PositionColumns Position,
    int Xid,
    int Kind,
    int Topic,
    int Fits,
    int Key,
    int Headers,
    int Value
)
{
    public static RecordColumns Of(NpgsqlDataReader row) =>
        new(
            PositionColumns.Of(row),
            row.GetOrdinal("xid"),
            row.GetOrdinal("kind"),
            row.GetOrdinal("topic"),
            row.GetOrdinal("fits"),
            row.GetOrdinal("key"),
            row.GetOrdinal("headers"),
            row.GetOrdinal("value")
        );

    public LogRecord Read(NpgsqlDataReader row) =>
        new(
            Position.Read(row),
            row.GetFieldValue<ulong>(Xid),
            (LogRecordKind)row.GetInt16(Kind),
            row.GetString(Topic),
            row.BytesOrNull(Key),
            HeaderBytes.Decode(row.BytesOrNull(Headers)),
            row.BytesOrNull(Value)
        );
}
