namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>A message in a table's topic, as a consumer finds it that knows nothing of Strangler.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its place in the partition.</param>
/// <param name="Run">The session of the bridge that sent it; a later session has a greater name.</param>
/// <param name="Key">Its key, as JSON.</param>
/// <param name="Op">Debezium's letter, or <see cref="Tombstone"/>.</param>
/// <param name="Xid">The transaction's id; 0 for a tombstone and for a row of the snapshot.</param>
/// <param name="LastCommit">
/// The end of the last transaction that committed before its own (<c>source.sequence</c>), which is the same for all
/// events of a transaction, and greater for a later transaction; 0 where it is null.
/// </param>
/// <param name="Row">The row after the change; empty for d and tombstones.</param>
/// <param name="Content">All of its value that must be equal if it is sent again; empty for a tombstone.</param>
internal sealed record DeliveredEvent(
    string Topic,
    int Partition,
    long Offset,
    string Run,
    string Key,
    string Op,
    uint Xid,
    ulong LastCommit,
    string Row,
    string Content
)
{
    public const string Tombstone = "-";

    public override string ToString() =>
        $"{Topic}[{Partition}]@{Offset} {Op} {Key} {Row} (transaction {Xid} after {LastCommit}, run {Run})";
}
