namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Where in one partition the records of a control record are.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Ranges">The offsets, ascending. Those between them belong to nobody or to somebody else.</param>
/// <param name="Checksum">
/// Of the messages at these offsets (<see cref="MessageChecksum"/>): a topic that was created again has the same
/// offsets with other messages.
/// </param>
internal sealed record DataPlace(string Topic, int Partition, IReadOnlyList<OffsetRange> Ranges, uint Checksum);
