namespace Strangler.EndToEnd.Tests.Deliveries;

/// <param name="Xid">The transaction's id, 32 bits of it, as events have it.</param>
/// <param name="Changes">Its changes in order, without those of parts that were rolled back.</param>
internal sealed record CommittedTransaction(uint Xid, IReadOnlyList<RowChange> Changes);
