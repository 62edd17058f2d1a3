using System.Diagnostics;
using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// Reads the control topic of one source, at any offset and onwards. It blocks, and is not thread-safe.
/// </summary>
internal sealed class ControlReader : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly KafkaLogOptions _options;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly ClientErrors _errors;
    private string _source = "";
    private TopicPartition _partition = new("", 0);
    private long _next = -1;

    public ControlReader(KafkaClients clients, bool jumps = false)
    {
        _options = clients.Options;
        (_consumer, _errors) = clients.Consumer(jumps);
    }

    /// <summary>Fetches nothing until it is asked again: a jump would wait for a fetch that waits for more.</summary>
    public void Rest()
    {
        _consumer.Unassign();
        _next = -1;
    }

    /// <summary>Turns to a source.</summary>
    public void Turn(string source)
    {
        if (source == _source)
            return;
        (_source, _partition, _next) = (source, new TopicPartition(LogTopics.Control(source), 0), -1);
    }

    /// <summary>The first offset that the topic has, and the one that comes next.</summary>
    public (long Low, long High) Extent()
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var offsets = _consumer.QueryWatermarkOffsets(_partition, _options.RequestLimit);
                return (offsets.Low.Value, offsets.High.Value);
            }
            // a topic that has just been created, or a leader that has just moved
            catch (KafkaException exception)
                when (exception.Error.Code is ErrorCode.NotLeaderForPartition or ErrorCode.LeaderNotAvailable
                    && Stopwatch.GetElapsedTime(since) < _options.RequestLimit
                )
            {
                Task.Delay(Step, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
            }
            catch (KafkaException exception) when (exception.Error.Code is not ErrorCode.TopicAuthorizationFailed)
            {
                throw KafkaFault.Passing(Unreachable(), exception);
            }
        }
    }

    /// <summary>
    /// The record at an offset before the topic's end; null if it doesn't count, because somebody else wrote it or it
    /// is not where its writer expected it.
    /// </summary>
    /// <exception cref="LostRecordsException">The topic no longer has it.</exception>
    public ControlRecord? Read(long offset, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(offset, Step, out var record))
                return record;
            if (Stopwatch.GetElapsedTime(since) > _options.RequestLimit)
                throw KafkaFault.Passing(Unreachable());
        }
    }

    /// <summary>The record that comes at an offset, if it comes in time, and whether it did.</summary>
    public bool TryRead(long offset, TimeSpan wait, out ControlRecord? record)
    {
        var result = Next(offset, wait);
        if (result is not null && result.Offset.Value != offset)
            throw new LostRecordsException(Gone(offset, "it has been deleted"));
        record = result is null ? null : ControlMessage.Counted(result, _source);
        return result is not null;
    }

    /// <summary>
    /// The last record before an offset that counts; null if there is none.
    /// </summary>
    public ControlRecord? LastBefore(long offset, long low, CancellationToken cancellationToken)
    {
        for (var (to, window) = (offset, 1L); to > low; window *= 16)
        {
            var from = Math.Max(low, to - window);
            ControlRecord? last = null;
            for (var at = from; at < to; at++)
                last = Read(at, cancellationToken) ?? last;
            if (last is not null)
                return last;
            to = from;
        }
        return null;
    }

    /// <summary>
    /// The first record in a range of offsets that counts and fulfils a condition, which all after it that count
    /// fulfil too; null if none does.
    /// </summary>
    public ControlRecord? First(
        long from,
        long to,
        Func<ControlRecord, bool> isFound,
        CancellationToken cancellationToken
    )
    {
        ControlRecord? found = null;
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            var at = middle;
            ControlRecord? record = null;
            while (at < to && record is null)
                record = Read(at++, cancellationToken);
            if (record is null)
                to = middle;
            else if (isFound(record))
                (found, to) = (record, middle);
            else
                from = at;
        }
        return found;
    }

    /// <summary>What a person is told when the broker doesn't answer.</summary>
    public Fault Unreachable() => KafkaFault.Unreachable(_options, $"read '{_partition.Topic}'", _errors);

    public void Dispose() => _consumer.Dispose();

    private ConsumeResult<byte[], byte[]>? Next(long offset, TimeSpan wait)
    {
        if (offset != _next)
            _consumer.Assign(new TopicPartitionOffset(_partition, offset));
        _next = offset;
        try
        {
            if (_consumer.Consume(wait) is not { } result)
                return null;
            _next = result.Offset.Value + 1;
            return result;
        }
        catch (ConsumeException exception)
        {
            _next = -1;
            switch (exception.Error.Code)
            {
                case ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset:
                    throw new LostRecordsException(Gone(offset, "it has been deleted"));
                case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition:
                    throw new LostRecordsException(Gone(offset, "the topic has been deleted"));
                default:
                    throw new FaultException(
                        KafkaFault.Refused(_partition.Topic, "a reader's request", exception.Error),
                        exception
                    );
            }
        }
    }

    private Fault Gone(long offset, string why) =>
        KafkaFault.Lost(_partition.Topic, _partition.Partition.Value, offset, Position.Start, why);
}
