using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>Where a change comes from: what Debezium's <c>source</c> block says in addition to the table.</summary>
/// <param name="Snapshot">
/// Debezium's word for the place of a row in a snapshot; <c>false</c> for a change of the stream.
/// </param>
/// <param name="At">The source's clock at the commit.</param>
/// <param name="Lsn">The position of the change in the write-ahead log.</param>
/// <param name="LastCommit">The end of the previous commit; null before the first.</param>
/// <param name="Xid">The transaction in 32 bits; null for rows read.</param>
/// <param name="Origin">The replication origin's name.</param>
internal readonly record struct ChangeSource(
    string Snapshot,
    DateTimeOffset At,
    Lsn Lsn,
    Lsn? LastCommit,
    uint? Xid,
    string? Origin = null,
    Lsn? OriginLsn = null
)
{
    /// <summary>The slot's catalog_xmin when it was last asked; null if it isn't asked.</summary>
    public uint? Xmin { get; init; }

    /// <summary>The place in its transaction; null if that isn't counted.</summary>
    public EventPlace? Place { get; init; }

    /// <summary>The word for a change of the stream.</summary>
    public const string Stream = "false";
}
