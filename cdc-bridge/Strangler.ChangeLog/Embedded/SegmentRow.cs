using Npgsql;

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
            row.GetInt64(0),
            row.GetInt32(1),
            row.GetBoolean(2),
            row.PositionAt(3)!.Value,
            row.TimeAt(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.TimeAt(8),
            row.GetInt64(9),
            row.GetInt64(10)
        );
}
