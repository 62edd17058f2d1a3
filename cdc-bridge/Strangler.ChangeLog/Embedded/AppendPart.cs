namespace Strangler.ChangeLog.Embedded;

/// <summary>What one segment receives.</summary>
/// <param name="Segment">The segment including this part.</param>
/// <param name="IsNew">Whether its tables must be created.</param>
/// <param name="Records">Its records.</param>
/// <param name="Transactions">Its transactions, all of them whole.</param>
/// <param name="Bytes">The size of the records (<see cref="RecordSize"/>).</param>
internal sealed record AppendPart(
    SegmentRow Segment,
    bool IsNew,
    IReadOnlyList<LogRecord> Records,
    IReadOnlyList<LogTransaction> Transactions,
    long Bytes
);
