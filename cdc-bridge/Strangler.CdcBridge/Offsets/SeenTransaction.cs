using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// The last transaction in the stream that is certain to be sent again, even one that published nothing, such as our
/// own heartbeat. A slot that was confirmed before it must send it again, so a server that was put back is recognized
/// even if nothing was published since.
/// </summary>
/// <param name="Commit">Start of its commit record.</param>
/// <param name="Xid">Its id, 32 bits as on the wire.</param>
/// <param name="CommittedAt">The source's clock at its commit.</param>
internal sealed record SeenTransaction(Lsn Commit, uint Xid, DateTimeOffset CommittedAt);
