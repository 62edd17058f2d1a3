using Confluent.Kafka;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>Every record that a case has in Kafka, as a consumer that knows nothing of Strangler reads it.</summary>
internal static class KafkaDump
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Topic by topic, partition by partition; without the log's own control topic.</summary>
    public static IReadOnlyList<RecordedRecord> Read(string address, CaseRun run)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(
            new ConsumerConfig
            {
                BootstrapServers = address,
                GroupId = $"dump-{run.Golden.Prefix}",
                EnableAutoCommit = false,
            }
        ).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin
            .GetMetadata(Limit)
            .Topics.Where(topic => IsOf(run.Golden.Prefix, topic.Topic))
            .OrderBy(topic => topic.Topic, StringComparer.Ordinal)
            .SelectMany(topic => topic.Partitions.Select(part => new TopicPartition(topic.Topic, part.PartitionId)));
        return [.. partitions.SelectMany(partition => Read(consumer, partition, run))];
    }

    private static bool IsOf(string prefix, string topic) =>
        topic == $"__debezium-heartbeat.{prefix}"
        || topic.StartsWith($"{prefix}.", StringComparison.Ordinal)
        || topic.StartsWith($"{prefix}-", StringComparison.Ordinal);

    private static List<RecordedRecord> Read(
        IConsumer<byte[]?, byte[]?> consumer,
        TopicPartition partition,
        CaseRun run
    )
    {
        var records = new List<RecordedRecord>();
        var end = consumer.QueryWatermarkOffsets(partition, Limit).High;
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        while (records.Count < end)
        {
            if (consumer.Consume(Limit) is not { } one)
                throw new TimeoutException($"{partition} has {end} records, and only {records.Count} came.");
            records.Add(
                new RecordedRecord(
                    one.Topic,
                    one.Partition.Value,
                    [
                        .. one.Message.Headers.Select(header =>
                            RecordedHeader.Of(header.Key, Text(header.GetValueBytes()))
                        ),
                    ],
                    Text(one.Message.Key),
                    CaseText.Of(one.Message.Value, run)
                )
            );
        }
        return records;
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : System.Text.Encoding.UTF8.GetString(bytes);
}
