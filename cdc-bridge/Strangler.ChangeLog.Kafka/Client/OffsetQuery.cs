using System.Diagnostics;
using Confluent.Kafka;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>
/// Asks which offsets a partition has. It asks again while the broker is away or a leader moves, as long as the broker
/// may take to answer, and also if the topic is unknown, because a broker that has just started may not know it yet. It
/// blocks; each single question is short, so that a cancellation isn't waited for.
/// </summary>
internal sealed class OffsetQuery(IConsumer<byte[], byte[]> consumer, ClientErrors errors, KafkaLogOptions options)
{
    /// <summary>A topic that is unknown for so long doesn't exist.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(2);

    /// <summary>Between two questions.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxStep = TimeSpan.FromSeconds(4);

    /// <summary>The partition's offsets; null if its topic doesn't exist.</summary>
    /// <exception cref="FaultException">
    /// The broker doesn't answer, which passes; or it refuses, which somebody has to correct.
    /// </exception>
    public WatermarkOffsets? Find(TopicPartition partition, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        long? unknown = null;
        for (var step = FirstStep; ; step = Least(step * 2, MaxStep))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return consumer.QueryWatermarkOffsets(partition, Least(step, options.RequestLimit));
            }
            catch (KafkaException exception)
                when (BrokerError.IsUnknownTopic(exception.Error) || BrokerError.Passes(exception.Error))
            {
                if (BrokerError.IsUnknownTopic(exception.Error) && IsAbsent(partition.Topic, step))
                {
                    unknown ??= Stopwatch.GetTimestamp();
                    if (Stopwatch.GetElapsedTime(unknown.Value) > Least(Doubt, options.RequestLimit))
                        return null;
                }
                else
                {
                    unknown = null;
                    if (Stopwatch.GetElapsedTime(since) >= options.RequestLimit)
                        throw KafkaFault.Passing(Unreachable(partition.Topic), exception);
                }
            }
            catch (KafkaException exception)
            {
                throw new FaultException(
                    KafkaFault.Denied(partition.Topic, $"read '{partition.Topic}'", exception.Error),
                    exception
                );
            }
            Task.Delay(Pause, TimeProvider.System, cancellationToken).GetAwaiter().GetResult();
        }
    }

    /// <summary>What a person is told when the broker doesn't answer.</summary>
    public Fault Unreachable(string topic) => KafkaFault.Unreachable(options, $"read '{topic}'", errors);

    /// <summary>
    /// Whether a broker says that the topic doesn't exist. A client that reaches no broker calls a topic unknown, too.
    /// </summary>
    private bool IsAbsent(string topic, TimeSpan limit)
    {
        using var metadata = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            return metadata
                .GetMetadata(topic, limit)
                .Topics.Exists(one => one.Topic == topic && BrokerError.IsUnknownTopic(one.Error));
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
