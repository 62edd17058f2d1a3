namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Where the broker has stored a message.</summary>
internal readonly record struct MessagePlace(string Topic, int Partition, long Offset);
