using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// Reads all messages of a source's tables from Kafka as any consumer would, and never through Strangler's own reader.
/// </summary>
internal static class DeliveryReader
{
    private const string RunHeader = "__debezium.context.runId";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="address">The broker.</param>
    /// <param name="prefix">The topics' prefix.</param>
    /// <param name="ends">
    /// For a format without the header that says the run: where the partitions ended when each run but the first began.
    /// </param>
    public static IReadOnlyList<DeliveredEvent> Read(
        string address,
        string prefix,
        params IReadOnlyList<IReadOnlyDictionary<TopicPartition, long>> ends
    )
    {
        using var consumer = Consumer(address);
        return
        [
            .. Partitions(consumer, prefix)
                .SelectMany(partition =>
                    Messages(consumer, partition).Select(one => Event(one, Run(one, partition, ends)))
                ),
        ];
    }

    /// <summary>Where the partitions end.</summary>
    public static IReadOnlyDictionary<TopicPartition, long> Ends(string address, string prefix)
    {
        using var consumer = Consumer(address);
        return Partitions(consumer, prefix)
            .ToDictionary(
                partition => partition,
                partition => consumer.QueryWatermarkOffsets(partition, Limit).High.Value
            );
    }

    private static IConsumer<byte[]?, byte[]?> Consumer(string address) => new ConsumerBuilder<byte[]?, byte[]?>(
            new ConsumerConfig
            {
                BootstrapServers = address,
                GroupId = "anyone",
                EnableAutoCommit = false,
            }
        ).SetLogHandler(static (_, _) => { }).Build();

    private static List<TopicPartition> Partitions(IConsumer<byte[]?, byte[]?> consumer, string prefix)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        return
        [
            .. admin
                .GetMetadata(Limit)
                .Topics.Where(topic => topic.Topic.StartsWith($"{prefix}.public.", StringComparison.Ordinal))
                .OrderBy(topic => topic.Topic, StringComparer.Ordinal)
                .SelectMany(topic =>
                    topic.Partitions.Select(part => new TopicPartition(topic.Topic, part.PartitionId))
                ),
        ];
    }

    private static IEnumerable<ConsumeResult<byte[]?, byte[]?>> Messages(
        IConsumer<byte[]?, byte[]?> consumer,
        TopicPartition partition
    )
    {
        var (low, high) = consumer.QueryWatermarkOffsets(partition, Limit) is var marks
            ? (marks.Low.Value, marks.High.Value)
            : default;
        consumer.Assign(new TopicPartitionOffset(partition, low));
        for (var at = low; at < high; )
        {
            if (consumer.Consume(Limit) is not { } one)
                throw new TimeoutException($"{partition} ends at {high}, and nothing came after {at}.");
            at = one.Offset.Value + 1;
            yield return one;
        }
    }

    private static string Run(
        ConsumeResult<byte[]?, byte[]?> one,
        TopicPartition partition,
        IReadOnlyList<IReadOnlyDictionary<TopicPartition, long>> ends
    ) =>
        one.Message.Headers.TryGetLastBytes(RunHeader, out var run)
            ? Encoding.UTF8.GetString(run)
            : ends.Count(end => one.Offset.Value >= end.GetValueOrDefault(partition))
                .ToString("D6", CultureInfo.InvariantCulture);

    private static DeliveredEvent Event(ConsumeResult<byte[]?, byte[]?> one, string run)
    {
        var key = one.Message.Key is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        var here = new DeliveredEvent(
            one.Topic,
            one.Partition.Value,
            one.Offset.Value,
            run,
            key,
            DeliveredEvent.Tombstone,
            0,
            0,
            "",
            ""
        );
        if (one.Message.Value is null)
            return here;
        var value = JsonNode.Parse(one.Message.Value)!.AsObject();
        var (op, source) = ((string)value["op"]!, value["source"]!);
        var last = (string?)JsonNode.Parse((string)source["sequence"]!)![0];
        foreach (var clock in new[] { "ts_ms", "ts_us", "ts_ns" })
            value.Remove(clock); // the bridge's clock, which alone differs when it is sent again
        return here with
        {
            Op = op,
            Xid = op == "r" ? 0 : (uint)(long)source["txId"]!,
            LastCommit = last is null ? 0 : ulong.Parse(last, CultureInfo.InvariantCulture),
            Row = value["after"] is { } after ? Text(after) : "",
            // A snapshot that begins again has another place and time.
            Content = op == "r" ? $"{value["after"]}" : value.ToJsonString(),
        };
    }

    private static string Text(JsonNode row) => row.ToJsonString(Plain);

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
