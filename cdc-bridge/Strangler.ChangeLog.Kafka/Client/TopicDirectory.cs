using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>
/// Knows which topics exist, and creates them. Nothing relies on topics that come into being by themselves.
/// </summary>
internal sealed class TopicDirectory : IDisposable
{
    private static readonly KeyValuePair<string, string>[] ControlConfigs =
    [
        new("cleanup.policy", "delete"),
        new("retention.ms", "-1"),
        new("retention.bytes", "-1"),
    ];

    /// <summary>
    /// A broker that has just started may not know its users yet: the credentials are wrong if no answer follows for so
    /// long.
    /// </summary>
    private static readonly TimeSpan RefusalDoubt = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RefusalLook = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Propagation = TimeSpan.FromMilliseconds(20);

    private readonly KafkaLogOptions _options;
    private readonly IAdminClient _admin;
    private readonly ClientErrors _errors;
    private readonly ConcurrentDictionary<string, int> _known = new();

    public TopicDirectory(KafkaClients clients)
    {
        _options = clients.Options;
        (_admin, _errors) = clients.Admin();
    }

    /// <summary>The number of a topic's partitions; null if it doesn't exist.</summary>
    public async Task<int?> PartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(topic, out var partitions))
            return partitions;
        if (_options.IsMockCluster)
            return _known[topic] = _admin.GetMetadata(topic, _options.RequestLimit).Topics[0].Partitions.Count;
        var count = await AskAsync<int?>(
            topic,
            $"looked for the topic '{topic}'",
            async () =>
                (
                    await _admin.DescribeTopicsAsync(
                        TopicCollection.OfTopicNames([topic]),
                        new DescribeTopicsOptions { RequestTimeout = _options.RequestLimit }
                    )
                )
                    .TopicDescriptions[0]
                    .Partitions
                    .Count,
            BrokerError.IsUnknownTopic,
            null,
            cancellationToken
        );
        return count is { } known ? _known[topic] = known : null;
    }

    /// <summary>
    /// Whether a topic exists. A broker that has just started may not know it yet, so it is asked several times.
    /// </summary>
    public async Task<bool> ExistsAsync(string topic, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (await PartitionsAsync(topic, cancellationToken) is null)
        {
            if (TimeProvider.System.GetElapsedTime(since) > OffsetQuery.Doubt)
                return false;
            await Task.Delay(OffsetQuery.Pause, TimeProvider.System, cancellationToken);
        }
        return true;
    }

    /// <summary>Creates a topic of records, if it doesn't exist.</summary>
    /// <returns>The number of its partitions.</returns>
    public async Task<int> EnsureAsync(string topic, CancellationToken cancellationToken)
    {
        if (await PartitionsAsync(topic, cancellationToken) is { } existing)
            return existing;
        if (!_options.Topics.IsEnabled)
            throw new FaultException(KafkaFault.NotAllowed(topic));
        var group = _options.Topics.For(topic);
        return await CreateAsync(
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = group.Partitions,
                ReplicationFactor = group.ReplicationFactor,
                Configs = new Dictionary<string, string>(group.Configs),
            },
            cancellationToken
        );
    }

    /// <summary>Creates a control topic, or checks the one that exists.</summary>
    public async Task EnsureControlAsync(string topic, CancellationToken cancellationToken)
    {
        if (_options.IsMockCluster)
        {
            await PartitionsAsync(topic, cancellationToken);
            return;
        }
        if (await PartitionsAsync(topic, cancellationToken) is null)
            await CreateAsync(
                new TopicSpecification
                {
                    Name = topic,
                    NumPartitions = 1,
                    ReplicationFactor = _options.Topics.Default.ReplicationFactor,
                    Configs = new Dictionary<string, string>(ControlConfigs),
                },
                cancellationToken
            );
        if (await PartitionsAsync(topic, cancellationToken) is { } partitions and not 1)
            throw new FaultException(KafkaFault.Partitions(topic, partitions));
        foreach (var (name, value) in await ConfigsAsync(topic, cancellationToken))
        {
            if (Array.Find(ControlConfigs, one => one.Key == name) is { Key: not null } needed && value != needed.Value)
                throw new FaultException(KafkaFault.NotKept(topic, _options.Address, name, value));
        }
    }

    /// <summary>Forgets which topics exist: after a failure, each is looked for again.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Deletes the records before these offsets.</summary>
    /// <exception cref="FaultException">The broker doesn't answer, or refuses.</exception>
    public async Task DeleteAsync(IReadOnlyList<TopicPartitionOffset> before, CancellationToken cancellationToken)
    {
        if (before.Count > 0 && !_options.IsMockCluster)
            await AskAsync(
                before[^1].Topic,
                "deleted what retention doesn't keep",
                () =>
                    _admin.DeleteRecordsAsync(
                        before,
                        new DeleteRecordsOptions { RequestTimeout = _options.RequestLimit }
                    ),
                static _ => false,
                [],
                cancellationToken
            );
    }

    public void Dispose() => _admin.Dispose();

    private async Task<int> CreateAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        await AskAsync(
            topic.Name,
            $"created the topic '{topic.Name}'",
            async () =>
            {
                await _admin.CreateTopicsAsync(
                    [topic],
                    new CreateTopicsOptions { RequestTimeout = _options.RequestLimit }
                );
                return true;
            },
            static error => error.Code == ErrorCode.TopicAlreadyExists,
            true,
            cancellationToken,
            error => KafkaFault.NotCreated(topic.Name, error)
        );
        return await KnownAsync(topic.Name, cancellationToken);
    }

    /// <summary>A broker knows a new topic a moment after the controller has created it.</summary>
    private async Task<int> KnownAsync(string topic, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await PartitionsAsync(topic, cancellationToken) is { } partitions)
                return partitions;
            if (TimeProvider.System.GetElapsedTime(since) > _options.RequestLimit)
                throw KafkaFault.Passing(KafkaFault.Unreachable(_options, $"waited for '{topic}'", _errors));
            await Task.Delay(Propagation, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The topic's configuration; none if the log's user may not see it.</summary>
    private async Task<IReadOnlyList<(string Name, string Value)>> ConfigsAsync(
        string topic,
        CancellationToken cancellationToken
    ) =>
        await AskAsync<IReadOnlyList<(string, string)>>(
            topic,
            $"checked the topic '{topic}'",
            async () =>
                [
                    .. (
                        await _admin.DescribeConfigsAsync(
                            [new ConfigResource { Type = ResourceType.Topic, Name = topic }],
                            new DescribeConfigsOptions { RequestTimeout = _options.RequestLimit }
                        )
                    )[0]
                        .Entries.Select(one => (one.Key, one.Value.Value)),
                ],
            BrokerError.IsDenied,
            [],
            cancellationToken
        );

    /// <summary>Asks the broker. No other exception than a fault comes out of it.</summary>
    /// <param name="topic">The topic that is asked about.</param>
    /// <param name="doing">What the log did, for people.</param>
    /// <param name="ask">The question.</param>
    /// <param name="isAnswer">Whether an error is an answer, too:</param>
    /// <param name="otherwise">this one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="refused">The fault, if the broker refuses.</param>
    private async Task<T> AskAsync<T>(
        string topic,
        string doing,
        Func<Task<T>> ask,
        Func<Error, bool> isAnswer,
        T otherwise,
        CancellationToken cancellationToken,
        Func<Error, Fault>? refused = null
    )
    {
        try
        {
            return await AnswerAsync(ask(), doing, cancellationToken);
        }
        catch (KafkaException exception)
        {
            var error = BrokerError.Of(exception);
            if (isAnswer(error))
                return otherwise;
            throw BrokerError.Passes(error)
                ? KafkaFault.Passing(KafkaFault.Unreachable(_options, doing, _errors), exception)
                : new FaultException(refused?.Invoke(error) ?? KafkaFault.Denied(topic, doing, error), exception);
        }
    }

    /// <summary>
    /// Waits for the answer. A client that is refused connects again until the limit; it isn't waited for that long.
    /// </summary>
    private async Task<T> AnswerAsync<T>(Task<T> asked, string doing, CancellationToken cancellationToken)
    {
        var (before, refused) = (_errors.Refusals, (long?)null);
        while (true)
        {
            try
            {
                return await asked.WaitAsync(RefusalLook, TimeProvider.System, cancellationToken);
            }
            catch (TimeoutException) when (!asked.IsCompleted)
            {
                if (_errors.Refusals > before)
                    refused ??= TimeProvider.System.GetTimestamp();
                if (refused is { } since && TimeProvider.System.GetElapsedTime(since) >= RefusalDoubt)
                    throw KafkaFault.Passing(KafkaFault.Unreachable(_options, doing, _errors));
            }
        }
    }
}
