using System.Text.RegularExpressions;
using Confluent.Kafka;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>Creates clients with the team's properties and with what the log relies on.</summary>
internal sealed partial class KafkaClients
{
    private readonly Dictionary<string, string> _producer;
    private readonly Dictionary<string, string> _consumer;
    private readonly Dictionary<string, string> _admin;

    /// <exception cref="FaultException">Properties that can't be used.</exception>
    public KafkaClients(KafkaLogOptions options)
    {
        Options = options;
        var faults = new List<Fault>();
        if (options.Address.Length == 0)
            faults.Add(new(options.PathOf(KafkaLogOptions.Servers), "It is missing.", "Write HOST:PORT."));
        _producer = ClientProperties.For(ClientRole.Producer, options, faults);
        _consumer = ClientProperties.For(ClientRole.Consumer, options, faults);
        _admin = ClientProperties.For(ClientRole.Admin, options, faults);
        if (faults.Count > 0)
            throw new FaultException([.. faults.Distinct()]);
        Prefer(_producer, "linger.ms", "1000"); // the sender flushes what belongs together
        Prefer(_producer, "queue.buffering.max.kbytes", "65536");
        foreach (var client in new[] { _producer, _consumer, _admin })
        {
            Prefer(client, "client.id", "strangler");
            Prefer(client, "socket.nagle.disable", "true");
            Prefer(client, "reconnect.backoff.max.ms", "1000");
        }
        Set(
            _producer,
            ("acks", "all"),
            ("allow.auto.create.topics", "false"),
            ("dotnet.producer.delivery.report.fields", "status"),
            ("dotnet.producer.enable.background.poll", "false"),
            ("enable.idempotence", "true"),
            ("message.timeout.ms", "0"),
            ("partitioner", "murmur2_random")
        );
        Prefer(_consumer, "group.id", "strangler");
        Prefer(_consumer, "fetch.wait.max.ms", "100");
        Prefer(_consumer, "queued.max.messages.kbytes", "8192");
        Set(
            _consumer,
            ("allow.auto.create.topics", "false"),
            ("auto.offset.reset", "error"),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("enable.partition.eof", "false"),
            ("isolation.level", "read_uncommitted")
        );
    }

    public KafkaLogOptions Options { get; }

    /// <summary>The same clients, which connect to nothing.</summary>
    public KafkaClients WithoutAddress()
    {
        foreach (var client in new[] { _producer, _consumer, _admin })
            client.Remove(KafkaLogOptions.Servers);
        return this;
    }

    public (IProducer<byte[], byte[]> Client, ClientErrors Errors) Producer()
    {
        var errors = new ClientErrors(TimeProvider.System);
        return (
            Checked(
                ClientRole.Producer,
                _producer,
                () =>
                    new ProducerBuilder<byte[], byte[]>(_producer)
                        .SetErrorHandler((_, error) => errors.Add(error))
                        .SetLogHandler(static (_, _) => { })
                        .Build()
            ),
            errors
        );
    }

    /// <summary>A consumer that reads on, or one that jumps: that one fetches little at a time.</summary>
    public (IConsumer<byte[], byte[]> Client, ClientErrors Errors) Consumer(bool jumps = false)
    {
        var errors = new ClientErrors(TimeProvider.System);
        var properties = new Dictionary<string, string>(_consumer);
        if (jumps)
            Set(properties, ("fetch.message.max.bytes", "65536"), ("fetch.wait.max.ms", "10"));
        return (
            Checked(
                ClientRole.Consumer,
                properties,
                () =>
                    new ConsumerBuilder<byte[], byte[]>(properties)
                        .SetErrorHandler((_, error) => errors.Add(error))
                        .SetLogHandler(static (_, _) => { })
                        .Build()
            ),
            errors
        );
    }

    public (IAdminClient Client, ClientErrors Errors) Admin()
    {
        var errors = new ClientErrors(TimeProvider.System);
        return (
            Checked(
                ClientRole.Admin,
                _admin,
                () =>
                    new AdminClientBuilder(_admin)
                        .SetErrorHandler((_, error) => errors.Add(error))
                        .SetLogHandler(static (_, _) => { })
                        .Build()
            ),
            errors
        );
    }

    /// <summary>
    /// The client's own message may show a value, which may be a secret: only the name of the property is taken from
    /// it.
    /// </summary>
    private T Checked<T>(ClientRole role, IReadOnlyDictionary<string, string> properties, Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            var named =
                properties.Keys.FirstOrDefault(name =>
                    exception.Message.Contains($"\"{name}\"", StringComparison.Ordinal)
                ) ?? (Named().Match(exception.Message) is { Success: true } match ? match.Groups[1].Value : "*");
            throw new FaultException(KafkaFault.Property(Options, role, named));
        }
    }

    private static void Prefer(Dictionary<string, string> properties, string name, string value) =>
        properties.TryAdd(name, value);

    private static void Set(Dictionary<string, string> properties, params (string Name, string Value)[] fixedValues)
    {
        foreach (var (name, value) in fixedValues)
            properties[name] = value;
    }

    /// <summary>A property that librdkafka calls by another name than the configuration does.</summary>
    [GeneratedRegex("property:? \"([a-z0-9._]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
