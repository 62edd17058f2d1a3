using System.Data;
using Npgsql;
using Strangler.Foundation.Postgres;

namespace Strangler.ChangeLog.Embedded;

/// <summary>A row of <c>log.source</c>.</summary>
internal sealed record SourceRow(
    short Id,
    long Appender,
    Position? End,
    DateTimeOffset? EndAt,
    DateTimeOffset? TransactionAt,
    Position Begin,
    DateTimeOffset? BeginAt,
    bool BeginStartsEpoch,
    long NextSegment,
    byte[]? Offset,
    Lsn? CatalogueSeen
)
{
    /// <summary>The columns of <c>log.source s</c> that <see cref="Of"/> reads.</summary>
    public const string Columns =
        "s.id, s.appender, s.end_epoch, s.end_commit, s.end_ordinal, s.end_at, s.transaction_at, "
        + "s.begin_epoch, s.begin_commit, s.begin_ordinal, s.begin_at, s.begin_starts_epoch, "
        + "s.next_segment, s.\"offset\", s.catalogue_seen";

    /// <summary>
    /// The number of the source's segment <paramref name="index"/>: the segments of a source are one range of numbers.
    /// </summary>
    public long Segment(long index) => ((long)Id << 40) + index;

    public bool BeginsWithSnapshot =>
        End is { } end && BeginStartsEpoch && (Begin == Position.Start || end.Epoch > Begin.Epoch);

    public static SourceRow Of(NpgsqlDataReader row) =>
        new(
            row.GetInt16("id"),
            row.GetInt64("appender"),
            PositionColumns.Of(row, "end_").ReadOrNull(row),
            row.ValueOrNull<DateTimeOffset>("end_at"),
            row.ValueOrNull<DateTimeOffset>("transaction_at"),
            PositionColumns.Of(row, "begin_").Read(row),
            row.ValueOrNull<DateTimeOffset>("begin_at"),
            row.GetBoolean("begin_starts_epoch"),
            row.GetInt64("next_segment"),
            row.BytesOrNull("offset"),
            row.LsnOrNull("catalogue_seen")
        );
}
