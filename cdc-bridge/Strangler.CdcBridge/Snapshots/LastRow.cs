using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// The last row of a table. Whether it is the snapshot's last as well is known once all tables have been read.
/// </summary>
/// <param name="InTable">Its event as the last of its table only.</param>
/// <param name="InSnapshot">The value of its event as the last of the snapshot.</param>
internal sealed record LastRow(LogRecord InTable, byte[] InSnapshot);
