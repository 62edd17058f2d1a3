using System.Collections.Concurrent;
using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// Follows the control topics of all sources that somebody in this process reads or writes: how their logs stand, and
/// when they move. It begins again when a connection, or a topic, is lost.
/// </summary>
internal sealed class ControlFollower : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly KafkaLogOptions _options;
    private readonly TopicDirectory _topics;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly ControlReader _looking;

    // A broker answers the requests of a connection one after another, so that a question would wait behind a fetch.
    private readonly IConsumer<byte[], byte[]> _asking;
    private readonly OffsetQuery _query;
    private readonly ConcurrentDictionary<string, FollowedSource> _sources = new();
    private readonly ConcurrentDictionary<string, FollowedSource> _byTopic = new();
    private readonly ConcurrentQueue<FollowedSource> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _loop;

    public ControlFollower(KafkaClients clients, TopicDirectory topics)
    {
        (_options, _topics) = (clients.Options, topics);
        (_consumer, _) = clients.Consumer();
        (_asking, var errors) = clients.Consumer();
        _query = new OffsetQuery(_asking, errors, _options);
        _looking = new ControlReader(clients, jumps: true);
        _loop = new(() =>
            Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        );
    }

    /// <summary>What is heard of a source; null if the source has no log.</summary>
    public async Task<FollowedSource?> FindAsync(string source, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        if (_sources.TryGetValue(source, out var known))
            return known;
        if (!await _topics.ExistsAsync(LogTopics.Control(source), cancellationToken))
            return null;
        var followed = new FollowedSource(source);
        if (!_sources.TryAdd(source, followed))
            return _sources[source];
        _byTopic[followed.Topic] = followed;
        _waiting.Enqueue(followed);
        _ = _loop.Value;
        return followed;
    }

    /// <summary>How a source's log stands now: everything that was stored before the call is in it.</summary>
    /// <exception cref="FaultException">The broker doesn't answer, or the topic can't be read.</exception>
    public async Task<LogPoint> NowAsync(FollowedSource source, CancellationToken cancellationToken)
    {
        var heard = source.Next;
        var (low, high) = await Task.Run(() => Extent(source, cancellationToken), cancellationToken);
        if (high < heard)
        {
            // The topic ends before what was heard of it: it was created again, or has lost its end.
            source.Lose(null);
            _waiting.Enqueue(source);
        }
        while (true)
        {
            var (point, moved) = source.Upto(low, high);
            if (point is not null)
                return point;
            try
            {
                await moved.WaitAsync(_options.RequestLimit, TimeProvider.System, cancellationToken);
            }
            catch (TimeoutException exception)
            {
                throw KafkaFault.Passing(_query.Unreachable(source.Topic), exception);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop.IsValueCreated)
            await _loop.Value;
        _consumer.Dispose();
        _asking.Dispose();
        _looking.Dispose();
    }

    private (long Low, long High) Extent(FollowedSource source, CancellationToken cancellationToken) =>
        _query.Find(new TopicPartition(source.Topic, 0), cancellationToken) is { } offsets
            ? (offsets.Low.Value, offsets.High.Value)
            : throw new FaultException(KafkaFault.Deleted(source.Topic));

    private void Loop()
    {
        var lost = new List<FollowedSource>();
        var tried = TimeProvider.System.GetTimestamp();
        while (!_stop.IsCancellationRequested)
        {
            while (_waiting.TryDequeue(out var source) && !TryBegin(source))
                lost.Add(source);
            if (Hear() is { } gone)
                lost.Add(gone);
            if (lost.Count == 0 || TimeProvider.System.GetElapsedTime(tried) < Pause)
                continue;
            tried = TimeProvider.System.GetTimestamp();
            lost.RemoveAll(TryBegin);
        }
    }

    private bool TryBegin(FollowedSource source)
    {
        try
        {
            _looking.SwitchTo(source.Name);
            var (low, high) = _looking.Extent(_stop.Token);
            var last = _looking.LastBefore(high, low, _stop.Token);
            if (last is null && low > 0)
                throw new FaultException(KafkaFault.Emptied(source.Topic, _options.Address, low));
            if (_consumer.Assignment.Exists(one => one.Topic == source.Topic))
                _consumer.IncrementalUnassign([new TopicPartition(source.Topic, 0)]);
            _consumer.IncrementalAssign([new TopicPartitionOffset(source.Topic, 0, high)]);
            _looking.Rest();
            source.Begin(last, high);
            return true;
        }
        catch (Exception exception)
            when (exception is FaultException or LostRecordsException or KafkaException or OperationCanceledException)
        {
            // What passes is tried again in a moment, for which who asks waits.
            source.Lose(exception is FaultException { InnerException: not TimeoutException } fault ? fault : null);
            return false;
        }
    }

    /// <summary>Hears the next message, if one comes. Returns the source of which nothing more is heard.</summary>
    private FollowedSource? Hear()
    {
        FollowedSource? source = null;
        try
        {
            if (_consumer.Consume(Step) is not { } result)
                return null;
            source = _byTopic[result.Topic];
            if (result.Offset.Value == source.Next)
            {
                source.Add(ControlMessage.Counted(result, source.Name));
                return null;
            }
            source.Lose(null);
        }
        catch (ConsumeException exception)
        {
            if (
                exception.ConsumerRecord?.Topic is not { } topic
                || !_byTopic.TryGetValue(topic, out source)
                || source.Next < 0
            )
                return null;
            source.Lose(null);
        }
        catch (FaultException exception)
        {
            source!.Lose(exception);
        }
        _consumer.IncrementalUnassign([new TopicPartition(source.Topic, 0)]);
        return source;
    }
}
