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
    private readonly OffsetQuery _query;
    private string _source = "";
    private Guid _log;
    private TopicPartition _partition = new("", 0);
    private long _next = -1;

    public ControlReader(KafkaClients clients, bool jumps = false)
    {
        _options = clients.Options;
        (_consumer, var errors) = clients.Consumer(jumps);
        _query = new OffsetQuery(_consumer, errors, _options);
    }

    /// <summary>Fetches nothing until it is asked again: a jump would wait for a fetch that waits for more.</summary>
    public void Rest()
    {
        _consumer.Unassign();
        _next = -1;
    }

    /// <summary>Turns to the log of a source: to any, if its identity is empty.</summary>
    public void SwitchTo(string source, Guid log = default) =>
        (_source, _log, _partition, _next) = (source, log, new TopicPartition(LogTopics.Control(source), 0), -1);

    /// <summary>The first offset that the topic has, and the one that comes next.</summary>
    /// <exception cref="FaultException">The broker doesn't answer, or the topic doesn't exist.</exception>
    public (long Low, long High) Extent(CancellationToken cancellationToken) =>
        _query.Find(_partition, cancellationToken) is { } offsets
            ? (offsets.Low.Value, offsets.High.Value)
            : throw new FaultException(KafkaFault.Deleted(_partition.Topic));

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
            if (Next(offset, cancellationToken) is { } result)
                return Counted(result, offset);
            if (Stopwatch.GetElapsedTime(since) > _options.RequestLimit)
                throw KafkaFault.Passing(_query.Unreachable(_partition.Topic));
        }
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

    public void Dispose() => _consumer.Dispose();

    private ControlRecord? Counted(ConsumeResult<byte[], byte[]> result, long offset)
    {
        if (result.Offset.Value != offset)
            throw new LostRecordsException(Gone(offset, "it has been deleted"));
        var record = ControlMessage.Counted(result, _source);
        return record is null || record.State.Log == _log || _log == Guid.Empty || record.State.Log == Guid.Empty
            ? record
            : throw new LostRecordsException(Gone(offset, "the topic was created again"));
    }

    /// <summary>The message at an offset, if it comes at once.</summary>
    private ConsumeResult<byte[], byte[]>? Next(long offset, CancellationToken cancellationToken)
    {
        if (offset != _next)
            _consumer.Assign(new TopicPartitionOffset(_partition, offset));
        _next = offset;
        try
        {
            if (_consumer.Consume(Step) is not { } result)
                return null;
            _next = result.Offset.Value + 1;
            return result;
        }
        catch (ConsumeException exception)
        {
            _next = -1;
            if (BrokerError.IsGone(exception.Error))
                throw new LostRecordsException(Gone(offset, "it has been deleted"));
            if (BrokerError.IsUnknownTopic(exception.Error))
                return _query.Find(_partition, cancellationToken) is null
                    ? throw new LostRecordsException(Gone(offset, "the topic has been deleted"))
                    : null;
            if (!BrokerError.Passes(exception.Error))
                throw new FaultException(
                    KafkaFault.Denied(_partition.Topic, $"read '{_partition.Topic}'", exception.Error),
                    exception
                );
            Task.Delay(Step, TimeProvider.System, cancellationToken).GetAwaiter().GetResult();
            return null;
        }
    }

    private Fault Gone(long offset, string why) =>
        KafkaFault.Lost(_partition.Topic, _partition.Partition.Value, offset, Position.Start, why);
}
