using System.Data;
using Npgsql;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>A row of <c>log.segment</c>.</summary>
internal sealed record SegmentRow(
    long Number,
    int Epoch,
    bool StartsEpoch,
    Position Start,
    DateTimeOffset? StartAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NewestAt,
    long Records,
    long Bytes
)
{
    /// <summary>The columns of <c>log.segment</c> that <see cref="Of"/> reads.</summary>
    public const string Columns =
        "segment, epoch, starts_epoch, start_epoch, start_commit, start_ordinal, start_at, "
        + "created_at, newest_at, records, bytes";

    public bool IsEmpty => Records == 0 && NewestAt is null;

    public static SegmentRow Of(NpgsqlDataReader row) =>
        new(
            row.GetInt64("segment"),
            row.GetInt32("epoch"),
            row.GetBoolean("starts_epoch"),
            PositionColumns.Of(row, "start_").Read(row),
            row.ValueOrNull<DateTimeOffset>("start_at"),
            row.GetFieldValue<DateTimeOffset>("created_at"),
            row.ValueOrNull<DateTimeOffset>("newest_at"),
            row.GetInt64("records"),
            row.GetInt64("bytes")
        );
}
