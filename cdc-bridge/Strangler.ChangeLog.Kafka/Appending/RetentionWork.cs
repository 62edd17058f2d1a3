using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Reading;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>Deletes what the log no longer begins with.</summary>
internal sealed class RetentionWork(KafkaLogParts parts, string source)
{
    /// <summary>
    /// Deletes the control records before an offset, and, if that is wished, the source's own records that they name:
    /// first the records, so that an interruption leaves nothing that nobody names. Nobody reads any of it, so the log
    /// goes on without.
    /// </summary>
    /// <returns>Why it couldn't; null if it could.</returns>
    public async Task<Fault?> DeleteAsync(LogPoint point, long before, CancellationToken cancellationToken)
    {
        if (point.Low >= before)
            return null;
        try
        {
            await DeleteBeforeAsync(point, before, cancellationToken);
            return null;
        }
        catch (FaultException exception)
        {
            return exception.Faults[0];
        }
    }

    private async Task DeleteBeforeAsync(LogPoint point, long before, CancellationToken cancellationToken)
    {
        if (parts.Clients.Options.DeletesRecords)
        {
            var named = await parts.LookAsync(
                source,
                point,
                reader => Named(reader, point.Low, before, cancellationToken),
                cancellationToken
            );
            await parts.Topics.DeleteAsync(named, cancellationToken);
        }
        var control = new TopicPartition(LogTopics.Control(source), 0);
        await parts.Topics.DeleteAsync([new TopicPartitionOffset(control, before)], cancellationToken);
    }

    /// <summary>
    /// For each of the source's own partitions, the offset after the last that the control records name.
    /// </summary>
    private List<TopicPartitionOffset> Named(
        ControlReader reader,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var next = new Dictionary<TopicPartition, long>();
        for (var at = from; at < to; at++)
        {
            foreach (var place in reader.Read(at, cancellationToken)?.Block.Places ?? [])
            {
                if (LogTopics.IsOf(source, place.Topic))
                    next[new TopicPartition(place.Topic, place.Partition)] = place.Ranges[^1].Next;
            }
        }
        return [.. next.Select(one => new TopicPartitionOffset(one.Key, one.Value))];
    }
}
