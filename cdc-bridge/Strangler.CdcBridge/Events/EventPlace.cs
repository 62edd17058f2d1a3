namespace Strangler.CdcBridge.Events;

/// <summary>The place of an event in its transaction, as Debezium's transaction metadata counts it.</summary>
/// <param name="Xid">The transaction in 32 bits.</param>
/// <param name="Total">Its number among the events of the transaction, from 1.</param>
/// <param name="InCollection">Its number among those of its table, from 1.</param>
internal sealed record EventPlace(uint Xid, long Total, long InCollection);
