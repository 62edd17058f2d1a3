using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.ChangeLog.Kafka.Reading;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>What an earlier appender left unfinished, which nobody sees yet.</summary>
internal sealed class LeftRecords(KafkaLogParts parts, string source)
{
    /// <summary>
    /// Whether the control topic and the topics still have all of it. That the messages are the ones that were written
    /// is proved when they are read.
    /// </summary>
    /// <param name="from">The offset of its first control record.</param>
    public async Task<bool> AreWholeAsync(LogPoint point, long from, CancellationToken cancellationToken)
    {
        if (from < point.Low)
            return false;
        try
        {
            return await parts.LookAsync(
                source,
                point,
                reader =>
                    Places(reader, from, point.High, cancellationToken) is { } places
                    && AreThere(places, cancellationToken),
                cancellationToken
            );
        }
        catch (FaultException exception) when (exception.InnerException is LostRecordsException)
        {
            return false;
        }
    }

    /// <summary>
    /// For each partition, its offsets from the first through the last; null if some of it belongs to a transaction,
    /// which the source sends again from its beginning.
    /// </summary>
    private static Dictionary<TopicPartition, (long First, long Next)>? Places(
        ControlReader reader,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var places = new Dictionary<TopicPartition, (long First, long Next)>();
        for (var at = from; at < to; at++)
        {
            if (reader.Read(at, cancellationToken) is not { Kind: ControlKind.Chunk } record)
                continue;
            if (record.Transactions.Count > 0 || record.Block.Groups.Any(group => group.Xid != 0))
                return null;
            foreach (var place in record.Block.Places)
            {
                var partition = new TopicPartition(place.Topic, place.Partition);
                var first = places.TryGetValue(partition, out var known) ? known.First : place.Ranges[0].First;
                places[partition] = (first, place.Ranges[^1].Next);
            }
        }
        return places;
    }

    private bool AreThere(
        Dictionary<TopicPartition, (long First, long Next)> places,
        CancellationToken cancellationToken
    )
    {
        var (consumer, errors) = parts.Clients.Consumer();
        using (consumer)
        {
            var query = new OffsetQuery(consumer, errors, parts.Clients.Options);
            return places.All(place =>
                query.Find(place.Key, cancellationToken) is { } has
                && has.Low.Value <= place.Value.First
                && has.High.Value >= place.Value.Next
            );
        }
    }
}
