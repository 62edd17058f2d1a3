namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Consecutive offsets of one partition.</summary>
internal readonly record struct OffsetRange(long First, int Count)
{
    /// <summary>The offset after the last one.</summary>
    public long Next => First + Count;
}
