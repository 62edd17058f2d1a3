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
        try
        {
            var described = await AskAsync(
                $"looked for the topic '{topic}'",
                () =>
                    _admin.DescribeTopicsAsync(
                        TopicCollection.OfTopicNames([topic]),
                        new DescribeTopicsOptions { RequestTimeout = _options.RequestLimit }
                    ),
                cancellationToken
            );
            return _known[topic] = described.TopicDescriptions[0].Partitions.Count;
        }
        catch (DescribeTopicsException exception)
            when (exception.Results.TopicDescriptions is [{ Error.Code: ErrorCode.UnknownTopicOrPart }, ..])
        {
            return null;
        }
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
        if (await PolicyAsync(topic, cancellationToken) is { } policy && policy != "delete")
            throw new FaultException(KafkaFault.Compacted(topic, policy));
    }

    /// <summary>Forgets which topics exist: after a failure, each is looked for again.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Deletes the records before these offsets.</summary>
    public async Task DeleteAsync(IReadOnlyList<TopicPartitionOffset> before, CancellationToken cancellationToken)
    {
        if (before.Count > 0 && !_options.IsMockCluster)
            await AskAsync(
                "deleted what retention doesn't keep",
                () =>
                    _admin.DeleteRecordsAsync(
                        before,
                        new DeleteRecordsOptions { RequestTimeout = _options.RequestLimit }
                    ),
                cancellationToken
            );
    }

    public void Dispose() => _admin.Dispose();

    private async Task<int> CreateAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(
                $"created the topic '{topic.Name}'",
                async () =>
                {
                    await _admin.CreateTopicsAsync(
                        [topic],
                        new CreateTopicsOptions { RequestTimeout = _options.RequestLimit }
                    );
                    return 0;
                },
                cancellationToken
            );
        }
        catch (CreateTopicsException exception)
        {
            var error = exception.Results[0].Error;
            if (error.Code != ErrorCode.TopicAlreadyExists)
                throw new FaultException(KafkaFault.NotCreated(topic.Name, error), exception);
        }
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

    /// <summary>The control topic's policy; null if the log's user may not see it.</summary>
    private async Task<string?> PolicyAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var described = await AskAsync(
                $"checked the topic '{topic}'",
                () =>
                    _admin.DescribeConfigsAsync(
                        [new ConfigResource { Type = ResourceType.Topic, Name = topic }],
                        new DescribeConfigsOptions { RequestTimeout = _options.RequestLimit }
                    ),
                cancellationToken
            );
            return described[0].Entries.GetValueOrDefault("cleanup.policy")?.Value;
        }
        catch (DescribeConfigsException)
        {
            return null;
        }
    }

    private async Task<T> AskAsync<T>(string doing, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(cancellationToken);
        }
        catch (KafkaException exception)
            when (exception.Error.Code
                    is ErrorCode.Local_TimedOut
                        or ErrorCode.Local_Transport
                        or ErrorCode.Local_AllBrokersDown
                        or ErrorCode.Local_Authentication
            )
        {
            throw KafkaFault.Passing(KafkaFault.Unreachable(_options, doing, _errors), exception);
        }
    }
}
