using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>One look at the source's primary.</summary>
/// <param name="Floor">
/// Its insert LSN, read before the snapshot: a transaction that the snapshot doesn't see, and that had no xid at that
/// time, commits after it.
/// </param>
/// <param name="Snapshot">Its <c>pg_current_snapshot()</c>: <c>xmin:xmax:xip,…</c>, xids of 64 bits.</param>
/// <param name="End">
/// Its insert LSN, read after the snapshot: everything that was visible to anyone by then committed before it.
/// </param>
public sealed record SourceLook(Lsn Floor, string Snapshot, Lsn End);
