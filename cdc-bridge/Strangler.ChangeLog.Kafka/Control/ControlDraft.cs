using Strangler.ChangeLog.Embedded;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>What a control record is going to say, before its offset is known.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Source">How the source stands after it.</param>
internal sealed record ControlDraft(ControlKind Kind, SourceRow Source)
{
    /// <summary>The segment that begins with it; null if none does.</summary>
    public SegmentRow? NewSegment { get; init; }

    public ControlBlock Block { get; init; } = ControlBlock.Empty;

    /// <summary>The size of the block's records, by which segments are measured.</summary>
    public long Bytes { get; init; }

    public IReadOnlyList<LogTransaction> Transactions { get; init; } = [];

    /// <summary>The name of the source, when an appender opens.</summary>
    public string? Name { get; init; }

    /// <summary>The log's identity, if it has none yet.</summary>
    public Guid? Log { get; init; }

    /// <summary>The server whose history was compared.</summary>
    public string? Server { get; init; }

    /// <summary>How many of the oldest segments are dropped.</summary>
    public int Dropped { get; init; }
}
