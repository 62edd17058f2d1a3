namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>The bytes that a reader holds of all partitions together.</summary>
internal sealed class ReadAheadBytes
{
    public long Sum { get; private set; }

    public void Add(long bytes) => Sum += bytes;
}
