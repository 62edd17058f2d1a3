using System.Globalization;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>A transaction as the server sent it.</summary>
/// <param name="Commit">Start of its commit record.</param>
/// <param name="Xid">Its id, 32 bits as on the wire.</param>
/// <param name="CommittedAt">The source's clock at its commit.</param>
/// <param name="Changes">The number of its row changes, including truncates.</param>
/// <param name="Digest">What it changed.</param>
internal sealed record SentTransaction(
    Lsn Commit,
    uint Xid,
    DateTimeOffset CommittedAt,
    int Changes,
    TransactionDigest Digest
)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"xid {Xid} of {CommittedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"
        );
}
