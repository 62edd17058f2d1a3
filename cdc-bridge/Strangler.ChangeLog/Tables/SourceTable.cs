using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// A relation of a source as its catalogue has it now: what can be said of it before anything of it is in the log.
/// </summary>
/// <param name="Table">Its columns and its key. The fingerprint is empty.</param>
/// <param name="Obstacle">Why its changes do not come into the log as the configuration is; null if they do.</param>
public sealed record SourceTable(TableSchema Table, Fault? Obstacle);
