using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// A relation of a source as its catalogue has it now: what is known before the log holds anything of it.
/// </summary>
/// <param name="Table">Its columns and its key. The fingerprint is empty.</param>
/// <param name="Obstacle">Why its changes don't reach the log with the current configuration; null if they do.</param>
public sealed record SourceTable(TableSchema Table, Fault? Obstacle);
