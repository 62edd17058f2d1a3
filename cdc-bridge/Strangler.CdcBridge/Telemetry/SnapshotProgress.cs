namespace Strangler.CdcBridge.Telemetry;

/// <summary>How far a snapshot is.</summary>
/// <param name="Tables">How many tables it reads.</param>
/// <param name="TablesRead">How many of them have been read.</param>
/// <param name="Rows">How many rows have been read.</param>
/// <param name="EstimatedRows">
/// How many rows there are, by the server's statistics; null if a table has none, or if a statement takes its place.
/// </param>
/// <param name="Began">When the first table's reading began.</param>
public sealed record SnapshotProgress(int Tables, int TablesRead, long Rows, long? EstimatedRows, DateTimeOffset Began)
{
    /// <summary>Rows a second; 0 in the first moment.</summary>
    public double RateAt(DateTimeOffset now) => now > Began ? Rows / (now - Began).TotalSeconds : 0;

    /// <summary>The time that is left at the current rate; null if it can't be estimated.</summary>
    public TimeSpan? RestAt(DateTimeOffset now) =>
        EstimatedRows > Rows && RateAt(now) is > 0 and var rate
            ? TimeSpan.FromSeconds(Math.Min((EstimatedRows.Value - Rows) / rate, TimeSpan.FromDays(365).TotalSeconds))
            : null;
}
