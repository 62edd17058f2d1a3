namespace Strangler.ChangeLog;

/// <summary>A transaction of the source that the log holds whole.</summary>
/// <param name="Commit">Start of its commit record.</param>
/// <param name="Xid">Its id, widened to 64 bits.</param>
/// <param name="CommittedAt">The source's clock at the commit.</param>
/// <param name="Records">The number of its records.</param>
/// <param name="Digest">What it changed; null for readings, and if the log is older than digests.</param>
public sealed record LogTransaction(
    Lsn Commit,
    ulong Xid,
    DateTimeOffset CommittedAt,
    int Records,
    TransactionDigest? Digest = null
)
{
    /// <summary>
    /// The commit of the source's transaction that the log has before this one, as its appender knew it; null for the
    /// first of an epoch, for readings, and if the log is older than this.
    /// </summary>
    public Lsn? Previous { get; init; }
}
