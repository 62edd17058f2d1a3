using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties of queues, retries, signals, notifications, metrics and lineage.</summary>
internal static class OperationRules
{
    private const string Queue = "Queues of the bridge are bounded by bytes.";
    private const string Retries = "The bridge reconnects for as long as it runs.";
    private const string Channel = "Read by a channel only that signal.enabled.channels names.";
    private const string Lineage = "Read with openlineage.integration.enabled only, which is refused.";

    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        Idle("max.batch.size", "2048", Queue),
        Idle("max.queue.size", "8192", Queue),
        Idle("max.queue.size.in.bytes", "0", Queue),
        Idle("queue.provider.type", "memory", Queue),
        Idle("poll.interval.ms", "500", "Changes are written as they come."),
        Idle("errors.max.retries", "-1", Retries),
        Idle("retriable.restart.connector.wait.ms", "10000", Retries),
        Idle("executor.shutdown.timeout.ms", "4000", "Threads of the JVM."),
        Idle(
            "memory.management.schemas.class",
            "io.debezium.relational.ConcurrentMapTableMappingStorage",
            "A map of the JVM."
        ),
        Idle(
            "memory.management.tables.class",
            "io.debezium.relational.ConcurrentMapTableMappingStorage",
            "A map of the JVM."
        ),
        Idle("custom.metric.tags", "", "Names of JMX beans; the bridge's metrics are in the README."),
        Idle("statistics.metrics.enabled", "true", "The bridge's metrics are in the README."),
        Idle("internal.advanced.metrics.enable", "false", "The bridge's metrics are in the README."),
        Honoured(
            "custom.sanitize.pattern",
            "see the note",
            "Values of the connector's own pattern are hidden as well."
        ),
        Honoured("guardrail.collections.max", "0"),
        Honoured("guardrail.collections.limit.action", "warn"),
        Refused(
            "signal.data.collection",
            "",
            "Signals aren't read yet, and a request for a snapshot would be ignored."
        ),
        Refused(
            "signal.enabled.channels",
            "source",
            "Signals aren't read yet, and a request for a snapshot would be ignored.",
            "source"
        ),
        Idle("signal.poll.interval.ms", "5000", Channel),
        Idle("signal.kafka.*", "", Channel) with
        {
            Family = PropertyTable.Prefix("signal.kafka."),
        },
        Idle("signal.consumer.*", "", Channel) with
        {
            Family = PropertyTable.Prefix("signal.consumer."),
        },
        Idle("signal.file", "file-signals.txt", Channel),
        Refused(
            "notification.enabled.channels",
            "",
            "Notifications aren't written yet, and what waits for one would wait for ever.",
            "log",
            "jmx",
            "log,jmx",
            "jmx,log"
        ),
        Idle("notification.sink.topic.name", "", "Read by the channel 'sink' only, which is refused."),
        Refused(
            "openlineage.integration.enabled",
            "false",
            "Runs and data sets would be missing in OpenLineage.",
            "false"
        ),
        Idle("openlineage.integration.config.file.path", "./openlineage.yml", Lineage),
        Idle("openlineage.integration.job.namespace", "", Lineage),
        Idle("openlineage.integration.job.description", "Debezium change data capture job", Lineage),
        Idle("openlineage.integration.job.tags", "", Lineage),
        Idle("openlineage.integration.job.owners", "", Lineage),
        Idle("openlineage.integration.dataset.kafka.bootstrap.servers", "", Lineage),
        Refused("internal.*", "", "It is internal to Debezium, and what it changes may differ by version.") with
        {
            Family = PropertyTable.Prefix("internal."),
        },
    ];
}
