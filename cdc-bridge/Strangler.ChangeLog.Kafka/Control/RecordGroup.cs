namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Consecutive records of one transaction, without a gap in their ordinals.</summary>
internal readonly record struct RecordGroup(Lsn Commit, ulong Xid, int Ordinal, int Count);
