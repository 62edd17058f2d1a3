namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// A table was rewritten or altered between the snapshot and its reading, so the snapshot no longer shows it (manual
/// 13.6). A newer snapshot is needed.
/// </summary>
internal sealed class SnapshotSupersededException(string table, Exception? cause = null)
    : Exception($"The table '{table}' was altered while it was to be read.", cause);
