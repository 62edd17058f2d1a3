namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>A record of a block, without its content.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Xid">Its transaction.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Place">Where its content is: an index of the block's places, or <see cref="RecordRun.Inline"/>.</param>
internal readonly record struct BlockEntry(Position Position, ulong Xid, LogRecordKind Kind, int Place);
