using Strangler.ChangeLog.Embedded;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>
/// How the log stands after a control record: each one carries all of it, so that the last one alone is enough to open
/// or to read.
/// </summary>
/// <param name="Source">As in the embedded log. Its <c>Appender</c> is the fencing token.</param>
internal sealed record ControlState(SourceRow Source)
{
    public static readonly ControlState Nothing = new(
        new SourceRow(0, 0, null, null, null, Position.Start, null, true, 0, null, null)
    );

    /// <summary>
    /// Tells this log from one that takes its place when the topic is deleted and created again, with the same offsets,
    /// tokens and positions. Empty in what was written before there were identities.
    /// </summary>
    public Guid Log { get; init; }

    /// <summary>The newest segment; null before the first record.</summary>
    public ControlSegment? Segment { get; init; }

    /// <summary>The last position used, including those that nobody sees yet.</summary>
    public Position? Last { get; init; }

    public UnfinishedRecords? Unfinished { get; init; }

    public int TrustedEpoch { get; init; }

    public string? VerifiedServer { get; init; }

    /// <summary>Where the oldest complete snapshot begins.</summary>
    public Position? Snapshot { get; init; }

    /// <summary>The offset of the control record that lists the segments before the newest; null if none is.</summary>
    public long? SegmentsAt { get; init; }

    public Position? End => Source.End;

    /// <summary>What the log holds; null if nothing was ever appended.</summary>
    public LogExtent? Extent =>
        End is null && Segment is null
            ? null
            : new LogExtent(Source.Begin, End, Source.EndAt ?? default, Snapshot)
            {
                CatalogueSeen = Source.CatalogueSeen,
                TrustedEpoch = TrustedEpoch,
                VerifiedServer = VerifiedServer,
            };

    /// <summary>The state once the unfinished records are gone.</summary>
    public ControlState Finished =>
        this with
        {
            Last = End,
            Unfinished = null,
            Segment =
                Segment is { } segment && Unfinished is { } gone
                    ? segment.With(-gone.Records, -gone.Bytes, [])
                    : Segment,
        };
}
