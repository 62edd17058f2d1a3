using Strangler.CdcBridge.Offsets;

namespace Strangler.CdcBridge.Sessions;

/// <summary>What the next session has to know of those before it.</summary>
/// <param name="TakesSnapshot">
/// Whether it takes a new snapshot: a person requests one, or the stream can't be read from the log's end.
/// </param>
internal sealed record SessionState(bool TakesSnapshot)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Whether source and log have been reached before. Until then, no lost connection passes by itself.
    /// </summary>
    public bool HasConnected { get; init; }

    /// <summary>Whether it requests the source's bytes unconverted.</summary>
    public bool IsRaw { get; init; }

    /// <summary>
    /// Whether the server keeps transactions until they commit: their frames had no room here, or it failed to send
    /// them.
    /// </summary>
    public bool ServerKeepsTransactions { get; init; }

    /// <summary>What the previous session found of the source's history; null if nothing.</summary>
    public HistoryDifference? Difference { get; init; }

    /// <summary>The pause after it, if it is lost before frames have arrived.</summary>
    public TimeSpan Pause { get; init; } = FirstPause;

    /// <summary>The abandoned streams in a row so far.</summary>
    public AbandonedStreams Abandoned { get; init; } = AbandonedStreams.None;
}
