namespace Strangler.CdcBridge.Telemetry;

/// <summary>How far a snapshot is.</summary>
/// <param name="Tables">How many tables it reads.</param>
/// <param name="TablesRead">How many of them have been read.</param>
/// <param name="Rows">How many rows have been read.</param>
/// <param name="EstimatedRows">How many there are by the server's statistics; null if it has none.</param>
/// <param name="RowsPerSecond">Since its begin.</param>
/// <param name="RestSeconds">How long the rest takes at that rate; null if it can't be estimated.</param>
public sealed record SnapshotReport(
    int Tables,
    int TablesRead,
    long Rows,
    long? EstimatedRows,
    double RowsPerSecond,
    double? RestSeconds
)
{
    internal static SnapshotReport Of(SnapshotProgress progress, DateTimeOffset now) =>
        new(
            progress.Tables,
            progress.TablesRead,
            progress.Rows,
            progress.EstimatedRows,
            Math.Round(progress.RateAt(now), 1),
            progress.RestAt(now) is { } rest ? Math.Round(rest.TotalSeconds, 1) : null
        );
}
