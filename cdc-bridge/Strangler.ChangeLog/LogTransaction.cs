namespace Strangler.ChangeLog;

/// <summary>A transaction of the source that the log holds whole.</summary>
/// <param name="Commit">Start of its commit record.</param>
/// <param name="Xid">Its id, widened to 64 bits.</param>
/// <param name="CommittedAt">The source's clock at the commit.</param>
/// <param name="Records">How many records it has.</param>
/// <param name="Digest">
/// What it changed; null where the log is older than digests, and of what a reading brought.
/// </param>
public sealed record LogTransaction(
    Lsn Commit,
    ulong Xid,
    DateTimeOffset CommittedAt,
    int Records,
    TransactionDigest? Digest = null
);
