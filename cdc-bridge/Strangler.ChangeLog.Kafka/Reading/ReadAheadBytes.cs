namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>The bytes that a reader holds of all partitions together.</summary>
<<<<<<<< HEAD:cdc-bridge/Strangler.ChangeLog.Kafka/Reading/FetchBudget.cs
internal sealed class FetchBudget
========
internal sealed class ReadAheadBytes
>>>>>>>> kafka-log:cdc-bridge/Strangler.ChangeLog.Kafka/Reading/ReadAheadBytes.cs
{
    public long Sum { get; private set; }

    public void Add(long bytes) => Sum += bytes;
}
