using System.Collections.Frozen;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// How each of Debezium's properties is treated here. The list is that of the PostgreSQL connector 3.6.1; a property
/// that is not in it is a misspelling.
/// </summary>
internal static class PropertyRules
{
    private const string Profile = "The log holds one lossless profile of the events.";

    /// <summary>Read by <see cref="BridgeConfigReader"/> itself.</summary>
    public static readonly FrozenSet<string> Read = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "topic.prefix",
        "database.hostname",
        "database.port",
        "database.user",
        "database.password",
        "database.dbname",
        "database.sslmode",
        "database.sslrootcert",
        "slot.name",
        "publication.name",
        "publication.autocreate.mode",
        "table.include.list",
        "table.exclude.list",
        "schema.include.list",
        "schema.exclude.list",
        "resnapshot",
        "on.identity.loss"
    );

    /// <summary>Only these values are allowed, each with the reason.</summary>
    public static readonly FrozenDictionary<string, (string[] Values, string Reason)> Fixed = new Dictionary<
        string,
        (string[], string)
    >
    {
        ["connector.class"] = (
            ["io.debezium.connector.postgresql.PostgresConnector"],
            "Other databases come in through their own Debezium connectors."
        ),
        ["plugin.name"] = (["pgoutput"], "Only PostgreSQL's own plugin is decoded."),
        ["topic.delimiter"] = (["."], Profile),
        ["snapshot.mode"] = (["initial"], "Nothing can be rebuilt from a log without a snapshot."),
        ["snapshot.isolation.mode"] = (
            ["repeatable_read", "serializable"],
            "Tables are read in the slot's exported snapshot."
        ),
        ["decimal.handling.mode"] = (["string"], Profile),
        ["time.precision.mode"] = (["isostring"], Profile),
        ["binary.handling.mode"] = (["base64"], Profile),
        ["include.unknown.datatypes"] = (["true"], Profile),
        ["tombstones.on.delete"] = (["true"], Profile),
        ["skipped.operations"] = (["none"], Profile),
        ["unavailable.value.placeholder"] = (["__debezium_unavailable_value"], Profile),
        ["provide.transaction.metadata"] = (["false"], "Positions take the place of transaction metadata."),
        ["slot.drop.on.stop"] = (["false"], "A stopped bridge must be able to continue."),
        ["slot.failover"] = (["false"], "Failover slots aren't supported yet."),
        ["publish.via.partition.root"] = (["false"], "Partitions are published under their own names."),
        ["lsn.flush.mode"] = (["connector"], "Only what the log has stored is acknowledged."),
        ["key.converter.schemas.enable"] = (["false"], Profile),
        ["value.converter.schemas.enable"] = (["false"], Profile),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Properties of Kafka Connect or of Debezium's internals: understood, without effect here.</summary>
    public static readonly FrozenSet<string> WithoutEffect = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "name",
        "tasks.max",
        "key.converter",
        "value.converter",
        "header.converter",
        "max.batch.size",
        "max.queue.size",
        "max.queue.size.in.bytes",
        "poll.interval.ms",
        "errors.max.retries",
        "retriable.restart.connector.wait.ms",
        "heartbeat.interval.ms",
        "status.update.interval.ms",
        "xmin.fetch.interval.ms",
        "snapshot.fetch.size",
        "snapshot.max.threads",
        "snapshot.locking.mode",
        "slot.max.retries",
        "slot.retry.delay.ms",
        "database.tcpKeepAlive",
        "query.timeout.ms",
        "extended.headers.enabled",
        "hstore.handling.mode",
        "interval.handling.mode",
        "money.fraction.digits",
        "schema.refresh.mode",
        "offset.mismatch.strategy",
        "lsn.flush.timeout.ms",
        "lsn.flush.timeout.action",
        "incremental.snapshot.chunk.size"
    );

    /// <summary>
    /// They would change what is captured or written, and are not implemented: refused rather than ignored.
    /// </summary>
    public static readonly FrozenSet<string> NotSupported = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "column.include.list",
        "column.exclude.list",
        "message.key.columns",
        "skip.messages.without.change",
        "message.prefix.include.list",
        "message.prefix.exclude.list",
        "converters",
        "transforms",
        "predicates",
        "field.name.adjustment.mode",
        "schema.name.adjustment.mode",
        "column.propagate.source.type",
        "datatype.propagate.source.type",
        "database.initial.statements",
        "database.sslcert",
        "database.sslkey",
        "database.sslpassword",
        "slot.stream.params",
        "replica.identity.autoset.values",
        "heartbeat.action.query",
        "snapshot.include.collection.list",
        "snapshot.select.statement.overrides",
        "snapshot.delay.ms",
        "read.only",
        "event.processing.failure.handling.mode",
        "event.converting.failure.handling.mode",
        "signal.data.collection",
        "signal.enabled.channels",
        "signal.kafka.topic",
        "notification.enabled.channels",
        "guardrail.collections.max",
        "topic.naming.strategy",
        "topic.heartbeat.prefix",
        "flush.lsn.source"
    );
}
