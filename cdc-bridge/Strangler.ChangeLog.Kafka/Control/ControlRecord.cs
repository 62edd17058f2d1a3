namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>An entry of the control topic.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Offset">
/// Where its writer expected it to be stored. It counts only if that is where it is: a record of an appender that has
/// been fenced, or one that was overtaken, is somewhere else, and everybody can tell by the record alone.
/// </param>
/// <param name="State">How the log stands after it.</param>
internal sealed record ControlRecord(ControlKind Kind, long Offset, ControlState State)
{
    /// <summary>The source, in <see cref="ControlKind.Opened"/>.</summary>
    public string? Source { get; init; }

    /// <summary>The first control record whose records a cut makes visible: itself, if no chunks waited.</summary>
    public long From { get; init; } = Offset;

    public ControlBlock Block { get; init; } = ControlBlock.Empty;

    /// <summary>Those of a chunk are whole with its cut.</summary>
    public IReadOnlyList<LogTransaction> Transactions { get; init; } = [];

    /// <summary>All segments before the newest, oldest first, if that list has changed.</summary>
    public IReadOnlyList<ControlSegment>? Segments { get; init; }
}
