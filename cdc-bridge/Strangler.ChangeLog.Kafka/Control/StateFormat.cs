using Strangler.ChangeLog.Embedded;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>The bytes of a <see cref="ControlState"/> and of its segments.</summary>
internal static class StateFormat
{
    public static void Write(FieldWriter to, ControlState state)
    {
        var source = state.Source;
        to.Number(source.Appender);
        to.Optional(source.End, to.Place);
        to.Optional(source.EndAt, to.Time);
        to.Optional(source.TransactionAt, to.Time);
        to.Place(source.Begin);
        to.Optional(source.BeginAt, to.Time);
        to.Flag(source.BeginStartsEpoch);
        to.Number(source.NextSegment);
        to.Optional(source.Offset);
        to.Optional(source.CatalogueSeen?.Value, to.Number);
        to.Flag(state.Segment is not null);
        if (state.Segment is { } segment)
            Write(to, segment);
        to.Optional(state.Last, to.Place);
        to.Optional(
            state.Unfinished,
            unfinished =>
            {
                to.Number(unfinished.From);
                to.Number(unfinished.Records);
                to.Number(unfinished.Bytes);
            }
        );
        to.Number((long)state.TrustedEpoch);
        to.Optional(state.VerifiedServer);
        to.Optional(state.Snapshot, to.Place);
        to.Optional(state.SegmentsAt, to.Number);
    }

    public static ControlState Read(ref FieldReader from) =>
        new(
            new SourceRow(
                0,
                from.Signed(),
                from.OptionalPlace(),
                from.OptionalTime(),
                from.OptionalTime(),
                from.Place(),
                from.OptionalTime(),
                from.Flag(),
                from.Signed(),
                from.OptionalBytes(),
                from.OptionalNumber() is { } seen ? new Lsn(seen) : null
            )
        )
        {
            Segment = from.Flag() ? ReadSegment(ref from) : null,
            Last = from.OptionalPlace(),
            Unfinished = from.Flag() ? new UnfinishedRecords(from.Signed(), from.Signed(), from.Signed()) : null,
            TrustedEpoch = from.Small(),
            VerifiedServer = from.OptionalText(),
            Snapshot = from.OptionalPlace(),
            SegmentsAt = from.OptionalSigned(),
        };

    public static void Write(FieldWriter to, ControlSegment segment)
    {
        var row = segment.Row;
        to.Number(row.Number);
        to.Number((long)row.Epoch);
        to.Flag(row.StartsEpoch);
        to.Place(row.Start);
        to.Optional(row.StartAt, to.Time);
        to.Time(row.CreatedAt);
        to.Optional(row.NewestAt, to.Time);
        to.Number(row.Records);
        to.Number(row.Bytes);
        to.Number(segment.From);
        to.Optional(segment.OldestAt, to.Time);
        to.Optional(segment.NewestXid, to.Number);
    }

    public static ControlSegment ReadSegment(ref FieldReader from) =>
        new(
            new SegmentRow(
                from.Signed(),
                from.Small(),
                from.Flag(),
                from.Place(),
                from.OptionalTime(),
                from.Time(),
                from.OptionalTime(),
                from.Signed(),
                from.Signed()
            ),
            from.Signed(),
            from.OptionalTime(),
            from.OptionalNumber()
        );
}
