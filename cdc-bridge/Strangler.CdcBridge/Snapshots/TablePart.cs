using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>Rows of a table, in order, on their way from its reader to the log.</summary>
/// <param name="Table">The table.</param>
/// <param name="Records">Their events, whose positions the writer decides.</param>
internal sealed record TablePart(SnapshotTable Table, IReadOnlyList<LogRecord> Records)
{
    /// <summary>The table's last row, after all others; null if it has none, or if the part isn't its last.</summary>
    public LastRow? Last { get; init; }

    /// <summary>The number of all rows of the table; null if the part isn't its last.</summary>
    public long? Rows { get; init; }
}
