namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The properties of Java's clients that librdkafka calls otherwise, or doesn't have.</summary>
internal static class JavaProperty
{
    /// <summary>Java's name, and librdkafka's.</summary>
    public static readonly IReadOnlyDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["fetch.max.wait.ms"] = "fetch.wait.max.ms",
        ["max.request.size"] = "message.max.bytes",
        ["receive.buffer.bytes"] = "socket.receive.buffer.bytes",
        ["sasl.mechanism"] = "sasl.mechanisms",
        ["send.buffer.bytes"] = "socket.send.buffer.bytes",
        ["ssl.cipher.suites"] = "ssl.cipher.suites",
        ["ssl.keystore.certificate.chain"] = "ssl.certificate.pem",
        ["ssl.keystore.key"] = "ssl.key.pem",
        ["ssl.truststore.certificates"] = "ssl.ca.pem",
    };

    /// <summary>Names that librdkafka has for Java's too, and those by which it speaks of them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["compression.type"] = "compression.codec",
        ["linger.ms"] = "queue.buffering.max.ms",
        ["max.in.flight"] = "max.in.flight.requests.per.connection",
        ["max.partition.fetch.bytes"] = "fetch.message.max.bytes",
        ["retries"] = "message.send.max.retries",
    };

    /// <summary>They only tune what is otherwise here: they have no effect, and that does no harm.</summary>
    public static readonly IReadOnlySet<string> WithoutEffect = new HashSet<string>
    {
        "auto.include.jmx.reporter",
        "enable.metrics.push",
        "key.deserializer",
        "key.serializer",
        "max.block.ms",
        "max.poll.interval.ms",
        "max.poll.records",
        "metric.reporters",
        "metrics.num.samples",
        "metrics.recording.level",
        "metrics.sample.window.ms",
        "value.deserializer",
        "value.serializer",
    };

    /// <summary>There is no equivalent, and what to do instead.</summary>
    public static readonly IReadOnlyDictionary<string, string> Refused = new Dictionary<string, string>
    {
        ["interceptor.classes"] = "Classes of Java can't run here: leave it out.",
        ["partitioner.class"] = "Records go to the partitions that Java's default partitioner chooses: leave it out.",
        ["sasl.client.callback.handler.class"] = "Classes of Java can't run here: leave it out.",
        ["sasl.login.callback.handler.class"] =
            "Classes of Java can't run here: use 'sasl.oauthbearer.method' and what librdkafka says of it.",
        ["sasl.login.class"] = "Classes of Java can't run here: leave it out.",
        ["security.providers"] = "Classes of Java can't run here: leave it out.",
        ["ssl.engine.factory.class"] = "Classes of Java can't run here: leave it out.",
        ["ssl.keymanager.algorithm"] = "It is Java's: leave it out.",
        ["ssl.protocol"] = "The newest protocol that both sides know is used: leave it out.",
        ["ssl.enabled.protocols"] = "The newest protocol that both sides know is used: leave it out.",
        ["ssl.provider"] = "It is Java's: leave it out.",
        ["ssl.trustmanager.algorithm"] = "It is Java's: leave it out.",
        ["ssl.truststore.password"] = "A truststore in PEM has no password: leave it out.",
        ["transactional.id"] = "The log's cuts tell what belongs together: leave it out.",
    };

    /// <summary>What the log decides, and the values that agree with it.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Decided = new Dictionary<string, string[]>
    {
        ["acks"] = ["all", "-1"],
        ["allow.auto.create.topics"] = ["false"],
        ["auto.offset.reset"] = ["none", "error"],
        ["enable.auto.commit"] = ["false"],
        ["enable.idempotence"] = ["true"],
        ["message.timeout.ms"] = ["0"],
        ["partitioner"] = ["murmur2_random"],
        ["request.required.acks"] = ["all", "-1"],
    };
}
