using System.Text;
using Confluent.Kafka;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>
/// Sends messages and waits until the broker has stored all of them. Nothing times out in silence: if the broker
/// confirms nothing for a while, or refuses one, that is a fault, and the sender is not used any more.
/// </summary>
internal sealed class RecordSender : IDisposable
{
    private static readonly TimeSpan FullQueue = TimeSpan.FromMilliseconds(2);

    // What doesn't fit into a request of the client waits for the answer to the request before, and the client's thread
    // spins meanwhile.
    private const int RequestSize = 768 << 10;
    private const int HeaderSize = 64;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly KafkaLogOptions _options;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly ClientErrors _errors;
    private (IReadOnlyList<LogHeader>? Of, Headers Converted) _headers = (null, []);

    public RecordSender(KafkaClients clients)
    {
        _options = clients.Options;
        (_producer, _errors) = clients.Producer();
    }

    /// <summary>
    /// Sends the records that have a topic. Those whose time the broker refuses, because it is far ahead of its clock,
    /// are sent again with the time of writing: the rows that they come from would be refused for ever.
    /// </summary>
    /// <param name="partitions">The number of partitions of each topic.</param>
    /// <returns>Where each is stored; null for those that have none.</returns>
    public async Task<IReadOnlyList<MessagePlace?>> SendAsync(
        IReadOnlyList<LogRecord> records,
        IReadOnlyDictionary<string, int> partitions,
        CancellationToken cancellationToken
    )
    {
        if (records.Count == 0)
            return [];
        var batch = await SendAsync(records, partitions, DateTimeOffset.MaxValue, cancellationToken);
        if (batch.Failure is { Error.Code: ErrorCode.InvalidTimestamp })
            batch = await SendAsync(records, partitions, TimeProvider.System.GetUtcNow(), cancellationToken);
        return batch.Failure is { } failure ? throw Fault(records[failure.Index], failure.Error) : batch.Places;
    }

    private async Task<DeliveryBatch> SendAsync(
        IReadOnlyList<LogRecord> records,
        IReadOnlyDictionary<string, int> partitions,
        DateTimeOffset latest,
        CancellationToken cancellationToken
    )
    {
        var (batch, bytes) = (new DeliveryBatch(records.Count), 0);
        for (var index = 0; index < records.Count && batch.Failure is null; index++)
        {
            var record = records[index];
            if (!LogTopics.IsPublished(record))
                continue;
            var to = To(record, partitions[record.Topic]);
            await SendAsync(batch, index, to, Message(record, latest), cancellationToken);
            bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + record.Headers.Count * HeaderSize;
            if (bytes < RequestSize)
                continue;
            await DeliveredAsync(batch, cancellationToken);
            bytes = 0;
        }
        await DeliveredAsync(batch, cancellationToken);
        return batch;
    }

    /// <summary>Sends control records, in order.</summary>
    /// <returns>The offset of each.</returns>
    public async Task<IReadOnlyList<long>> SendControlAsync(
        string source,
        IReadOnlyList<byte[]> records,
        CancellationToken cancellationToken
    )
    {
        var (batch, key) = (new DeliveryBatch(records.Count), Encoding.UTF8.GetBytes(source));
        var to = new TopicPartition(LogTopics.Control(source), 0);
        foreach (var (index, value) in records.Index())
        {
            if (batch.Failure is not null)
                break;
            var message = new Message<byte[], byte[]> { Key = key, Value = value };
            await SendAsync(batch, index, to, message, cancellationToken);
        }
        await DeliveredAsync(batch, cancellationToken);
        if (batch.Failure is { } failure)
            throw IsTooLarge(failure.Error)
                ? new FaultException(
                    KafkaFault.TooLarge(_options, to.Topic, "A control record", records[failure.Index].Length)
                )
            : BrokerError.IsUnknownTopic(failure.Error) ? new FaultException(KafkaFault.Deleted(to.Topic))
            : Refused(to.Topic, "a control record", failure.Error);
        return [.. batch.Places.Select(place => place!.Value.Offset)];
    }

    public void Dispose() => _producer.Dispose();

    /// <summary>
    /// Debezium's heartbeats go to the first partition, and an outbox event may name one that exists; everything else
    /// goes where its key belongs.
    /// </summary>
    private static TopicPartition To(LogRecord record, int partitions) =>
        new(
            record.Topic,
            record.Kind == LogRecordKind.Heartbeat ? 0
                : record.Partition < partitions ? record.Partition.Value
                : Partition.Any
        );

    private Message<byte[], byte[]> Message(LogRecord record, DateTimeOffset latest)
    {
        var message = new Message<byte[], byte[]> { Key = record.Key!, Value = record.Value! };
        if (record.Timestamp is { } time && time <= latest)
            message.Timestamp = new Timestamp(time);
        if (record.Headers.Count > 0)
            message.Headers = HeadersOf(record.Headers);
        return message;
    }

    /// <summary>The same for records that share their headers, as most do.</summary>
    private Headers HeadersOf(IReadOnlyList<LogHeader> headers)
    {
        if (ReferenceEquals(_headers.Of, headers))
            return _headers.Converted;
        var converted = new Headers();
        foreach (var header in headers)
            converted.Add(header.Name, header.Value is null ? null : Encoding.UTF8.GetBytes(header.Value));
        _headers = (headers, converted);
        return converted;
    }

    private async ValueTask SendAsync(
        DeliveryBatch batch,
        int index,
        TopicPartition to,
        Message<byte[], byte[]> message,
        CancellationToken cancellationToken
    )
    {
        var handler = batch.For(index);
        var (left, since) = (batch.Left, TimeProvider.System.GetTimestamp());
        while (true)
        {
            try
            {
                _producer.Produce(to, message, handler);
                return;
            }
            catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                if (left != batch.Left)
                    (left, since) = (batch.Left, TimeProvider.System.GetTimestamp());
                else if (TimeProvider.System.GetElapsedTime(since) > _options.DeliveryLimit)
                    throw Undelivered(batch, exception);
            }
            catch (ProduceException<byte[], byte[]> exception)
            {
                batch.Fail(index, exception.Error);
                return;
            }
            // What lingers would leave only after the linger time.
            await Task.Run(() => _producer.Flush(FullQueue), cancellationToken);
        }
    }

    /// <summary>
    /// Sends what is collected, and waits until the broker has stored it. The client has no thread of its own for its
    /// answers: they are taken here. With one, a flush would go on for milliseconds after the last answer.
    /// </summary>
    private async Task DeliveredAsync(DeliveryBatch batch, CancellationToken cancellationToken)
    {
        var (left, since) = (batch.Left, TimeProvider.System.GetTimestamp());
        while (batch is { Left: > 0, Failure: null })
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Known before the answers are taken: if this process stood still, they wait in the client.
            var isLate = TimeProvider.System.GetElapsedTime(since) > _options.DeliveryLimit;
            await Task.Run(() => _producer.Flush(Look), cancellationToken);
            if (left != batch.Left)
                (left, since) = (batch.Left, TimeProvider.System.GetTimestamp());
            else if (isLate)
                throw KafkaFault.Passing(KafkaFault.Undelivered(_options, batch.Left, _errors));
        }
    }

    private FaultException Undelivered(DeliveryBatch batch, Exception exception) =>
        KafkaFault.Passing(KafkaFault.Undelivered(_options, batch.Left, _errors), exception);

    private FaultException Fault(LogRecord record, Error error) =>
        IsTooLarge(error)
            ? new(
                KafkaFault.TooLarge(_options, record.Topic, $"The record at {record.Position}", RecordSize.Of(record))
            )
            : Refused(record.Topic, $"the record at {record.Position}", error);

    /// <summary>
    /// A broker that has stored what was sent to it twice may not say where. Sent again by another producer, it does.
    /// </summary>
    private static FaultException Refused(string topic, string what, Error error)
    {
        if (BrokerError.IsUnknownTopic(error))
            return KafkaFault.Passing(KafkaFault.Vanished(topic));
        var fault = KafkaFault.Refused(topic, what, error);
        return error.Code == ErrorCode.Local_Inconsistent || BrokerError.Passes(error)
            ? KafkaFault.Passing(fault)
            : new(fault);
    }

    private static bool IsTooLarge(Error error) =>
        error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge;
}
