using System.Diagnostics;
using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// Reads messages of the topics at exactly the offsets that a control record names, and proves that they are the ones
/// that were written. It reads ahead of what was asked for, within bounds. It blocks, and is not thread-safe.
/// </summary>
internal sealed class DataReader : IDisposable
{
    /// <summary>So much is held of a partition before the others are waited for.</summary>
    private const long MaxAhead = 4 << 20;

    /// <summary>So much is held of all partitions beyond what was asked for.</summary>
    private const long MaxHeld = 32 << 20;

    /// <summary>A gap of that many messages is read over; a larger one is jumped over.</summary>
    private const long MaxSkip = 5_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(1);

    private readonly KafkaLogOptions _options;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly OffsetQuery _query;
    private readonly Dictionary<TopicPartition, HeldPartition> _partitions = [];
    private readonly ReadAheadBytes _held = new();

    public DataReader(KafkaClients clients)
    {
        _options = clients.Options;
        (_consumer, var errors) = clients.Consumer();
        _query = new OffsetQuery(_consumer, errors, _options);
    }

    /// <summary>The messages of each place, in order.</summary>
    /// <param name="places">The places.</param>
    /// <param name="after">Where the reader is, for people.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LostRecordsException">A message isn't there any more.</exception>
    public IReadOnlyList<Message<byte[], byte[]>[]> Read(
        IReadOnlyList<DataPlace> places,
        Position after,
        CancellationToken cancellationToken
    )
    {
        foreach (var place in places)
            Aim(place);
        Fetch(places, after, cancellationToken);
        return [.. places.Select(place => Take(place, after))];
    }

    public void Dispose() => _consumer.Dispose();

    private HeldPartition Of(DataPlace place)
    {
        var at = new TopicPartition(place.Topic, place.Partition);
        return _partitions.TryGetValue(at, out var held) ? held : _partitions[at] = new HeldPartition(at, _held);
    }

    private void Aim(DataPlace place)
    {
        var (held, first) = (Of(place), place.Ranges[0].First);
        if (held.Next < 0)
            Acquaint(held);
        held.Skip(first);
        if (held.Next < 0 || held.First > first || first - held.Next > MaxSkip)
        {
            Release(held);
            held.Restart(first);
        }
        if (!held.IsAssigned && held.Next <= place.Ranges[^1].Next - 1)
        {
            _consumer.IncrementalAssign([new TopicPartitionOffset(held.At, held.Next)]);
            held.IsAssigned = true;
        }
    }

    /// <summary>
    /// Has the client ask for the partition's leader: of a topic that it doesn't know, it would ask only once a second.
    /// </summary>
    private void Acquaint(HeldPartition held)
    {
        try
        {
            _consumer.QueryWatermarkOffsets(held.At, Doubt);
        }
        catch (KafkaException) { } // whether the messages can be read shows when they are fetched
    }

    private void Release(HeldPartition held)
    {
        if (held.IsAssigned)
            _consumer.IncrementalUnassign([held.At]);
        held.IsAssigned = false;
    }

    private void Fetch(IReadOnlyList<DataPlace> places, Position after, CancellationToken cancellationToken)
    {
        var (since, doubted) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        foreach (var place in places)
        {
            var held = Of(place);
            while (held.Next < place.Ranges[^1].Next)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Consume(place, after, cancellationToken) is { } message)
                {
                    Keep(message, held, places);
                    (since, doubted) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
                    continue;
                }
                var idle = Stopwatch.GetElapsedTime(since);
                if (idle - doubted > Doubt)
                {
                    doubted = idle;
                    Check(place, held, after, cancellationToken);
                }
                if (idle > _options.RequestLimit)
                    throw KafkaFault.Passing(_query.Unreachable(place.Topic));
            }
        }
    }

    private void Keep(ConsumeResult<byte[], byte[]> message, HeldPartition wanted, IReadOnlyList<DataPlace> places)
    {
        var held = _partitions[message.TopicPartition];
        held.Add(message);
        if (held != wanted && held.Bytes > MaxAhead)
            Release(held);
        if (_held.Sum > MaxHeld)
            Forget(places);
    }

    /// <summary>Forgets what nobody has asked for yet. Once it is, it is fetched again.</summary>
    private void Forget(IReadOnlyList<DataPlace> places)
    {
        var asked = places.Select(Of).ToHashSet();
        foreach (var held in _partitions.Values.Where(one => one.Bytes > 0 && !asked.Contains(one)))
        {
            Release(held);
            held.Forget();
        }
    }

    private ConsumeResult<byte[], byte[]>? Consume(DataPlace place, Position after, CancellationToken cancellationToken)
    {
        var held = Of(place);
        if (!held.IsAssigned)
        {
            _consumer.IncrementalAssign([new TopicPartitionOffset(held.At, held.Next)]);
            held.IsAssigned = true;
        }
        try
        {
            return _consumer.Consume(Step);
        }
        catch (ConsumeException exception)
        {
            var at = exception.ConsumerRecord?.TopicPartition;
            if (at is not null && _partitions.TryGetValue(at, out var failed))
                Release(failed);
            if (at is not null && at != held.At)
                return null; // if that one is wanted, it says so again
            if (BrokerError.IsGone(exception.Error))
                throw Lost(place, held.Next, after, "it has been deleted");
            if (BrokerError.IsUnknownTopic(exception.Error))
                Check(place, held, after, cancellationToken);
            else if (!BrokerError.Passes(exception.Error))
                throw new FaultException(
                    KafkaFault.Denied(place.Topic, $"read '{place.Topic}'", exception.Error),
                    exception
                );
            else
                Task.Delay(Step, TimeProvider.System, cancellationToken).GetAwaiter().GetResult();
            return null;
        }
    }

    /// <summary>Nothing comes: whether the broker is slow, or the messages are gone.</summary>
    private void Check(DataPlace place, HeldPartition held, Position after, CancellationToken cancellationToken)
    {
        if (_query.Find(held.At, cancellationToken) is not { } has)
            throw Lost(place, held.Next, after, "the topic has been deleted");
        if (has.Low.Value > held.Next)
            throw Lost(place, held.Next, after, "it has been deleted");
        if (has.High.Value < place.Ranges[^1].Next)
            throw Lost(place, held.Next, after, "the topic ends before it, so it was created again");
    }

    private Message<byte[], byte[]>[] Take(DataPlace place, Position after)
    {
        var held = Of(place);
        var messages = new Message<byte[], byte[]>[place.Ranges.Sum(range => range.Count)];
        var (index, checksum) = (0, uint.MaxValue);
        foreach (var range in place.Ranges)
        {
            for (var offset = range.First; offset < range.Next; offset++)
            {
                if (held.Take(offset) is not { } message)
                {
                    Release(held);
                    throw Lost(place, offset, after, "it has been compacted or deleted");
                }
                checksum = MessageChecksum.Add(checksum, message.Key, message.Value);
                messages[index++] = message;
            }
        }
        return checksum == place.Checksum
            ? messages
            : throw Lost(
                place,
                place.Ranges[0].First,
                after,
                "there are other messages, so the topic was created again"
            );
    }

    private static LostRecordsException Lost(DataPlace place, long offset, Position after, string why) =>
        new(KafkaFault.Lost(place.Topic, place.Partition, offset, after, why));
}
