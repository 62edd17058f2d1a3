namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>What waits for a cut.</summary>
/// <param name="From">The offset of the first chunk.</param>
/// <param name="Records">The number of records.</param>
/// <param name="Bytes">Their size.</param>
internal readonly record struct UnfinishedRecords(long From, long Records, long Bytes);
