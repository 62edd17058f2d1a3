namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// How the server's history relates to the log's, as far as can be determined before the stream is read.
/// </summary>
internal enum SourceHistory
{
    /// <summary>
    /// The cluster, timeline and address that the log was filled from. What it sends again is still compared.
    /// </summary>
    Same,

    /// <summary>
    /// The same cluster and timeline at another address: it moved, or is a copied data directory. Only what it sends
    /// again shows which.
    /// </summary>
    OtherAddress,

    /// <summary>
    /// Put back to an older copy: its write position is before the log's end, or what it sent again was not what the
    /// log has.
    /// </summary>
    RolledBack,

    /// <summary>
    /// Another timeline that left the log's before the log's end, or at an unknown point: the log may have changes that
    /// this history never had.
    /// </summary>
    BranchedBefore,

    /// <summary>Another timeline that left the log's after the log's end: it has everything that the log has.</summary>
    BranchedAfter,

    /// <summary>Another system identifier.</summary>
    OtherCluster,
}
