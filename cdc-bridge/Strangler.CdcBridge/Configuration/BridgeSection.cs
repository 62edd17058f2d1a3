namespace Strangler.CdcBridge.Configuration;

/// <summary>The section <c>Bridge</c>: what concerns the process and not the source.</summary>
internal sealed record BridgeSection
{
    /// <summary>How many bytes of write-ahead log the slot may hold back before it is warned of.</summary>
    public long MaxRetainedWal { get; init; } = 10L << 30;

    /// <summary>
    /// How many bytes of transactions that have not ended are kept in files; zero if the server keeps them.
    /// </summary>
    public long MaxSpill { get; init; } = 1L << 30;

    /// <summary>The folder of those files.</summary>
    public string SpillFolder { get; init; } = Path.GetTempPath();
}
