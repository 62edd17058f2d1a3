namespace Strangler.CdcBridge.Snapshots;

/// <summary>What CREATE_REPLICATION_SLOT is told behind the word LOGICAL. Pure.</summary>
internal static class SlotPlugin
{
    /// <summary>The first major version whose slots standby servers may keep a copy of.</summary>
    public const int FirstMajor = 17;

    /// <summary>
    /// Npgsql has no argument for a failover slot. It sends the plugin's name as it is, and with it what follows.
    /// </summary>
    public static string Text(bool isFailover) =>
        isFailover ? "pgoutput (SNAPSHOT 'export', FAILOVER true)" : "pgoutput";
}
