using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>Which cluster the source is, and how far its write-ahead log extends.</summary>
/// <param name="System">Its system identifier.</param>
/// <param name="Timeline">Its timeline.</param>
/// <param name="Written">The end of its write-ahead log.</param>
/// <param name="Branch">
/// Where this timeline left the one that the log was last read from; null if it is the same one, or not known to be an
/// ancestor.
/// </param>
internal sealed record SourceIdentity(string System, uint Timeline, Lsn Written, Lsn? Branch)
{
    /// <summary>
    /// When its server started, in UTC. A server that is put back, recovered or promoted is another run: the start time
    /// distinguishes them, whereas an LSN doesn't.
    /// </summary>
    public string Started { get; init; } = "";

    /// <summary>Where it was reached, as host and port.</summary>
    public string? Host { get; init; }

    /// <summary>The database that is read.</summary>
    public string? Database { get; init; }
}
