using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties that say which events are written, and how.</summary>
internal static class EventRules
{
    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        Honoured("schema.include.list"),
        Honoured("schema.exclude.list"),
        Honoured("table.include.list"),
        Honoured("table.exclude.list"),
        Refused("table.ignore.builtin", "true", "PostgreSQL's own schemas can't be captured.", "true"),
        HonouredOrRefused("column.include.list"),
        HonouredOrRefused("column.exclude.list"),
        HonouredOrRefused("message.key.columns"),
        HonouredOrRefused("column.propagate.source.type"),
        HonouredOrRefused("datatype.propagate.source.type"),
        HonouredOrRefused("column.mask.hash.([^.]+).with.salt.(.+)") with
        {
            Family = PropertyTable.Family(@"^column\.mask\.hash\.[^.]+\.with\.salt\..+$"),
        },
        HonouredOrRefused("column.mask.hash.v2.([^.]+).with.salt.(.+)") with
        {
            Family = PropertyTable.Family(@"^column\.mask\.hash\.v2\.[^.]+\.with\.salt\..+$"),
        },
        HonouredOrRefused("column.mask.with.(d+).chars") with
        {
            Family = PropertyTable.Family(@"^column\.mask\.with\.\d+\.chars$"),
        },
        HonouredOrRefused("column.truncate.to.(d+).chars") with
        {
            Family = PropertyTable.Family(@"^column\.truncate\.to\.\d+\.chars$"),
        },
        HonouredOr("skipped.operations", "t", "none"),
        HonouredOrRefused("skip.messages.without.change", "false"),
        HonouredOr("tombstones.on.delete", "true", "true"),
        HonouredOr("decimal.handling.mode", "precise", "string"),
        HonouredOr("time.precision.mode", "adaptive", "isostring"),
        HonouredOr("binary.handling.mode", "bytes", "base64"),
        HonouredOrIdle("hstore.handling.mode", "json"),
        HonouredOrIdle("interval.handling.mode", "numeric"),
        HonouredOrIdle("money.fraction.digits", "2"),
        HonouredOr("include.unknown.datatypes", "false", "true"),
        HonouredOr("unavailable.value.placeholder", ValueOptions.DefaultPlaceholder, ValueOptions.DefaultPlaceholder),
        Refused("include.schema.comments", "false", "Schemas would carry the comments of tables and columns.", "false"),
        HonouredOrRefused("schema.name.adjustment.mode", "none"),
        HonouredOrRefused("field.name.adjustment.mode", "none"),
        HonouredOrIdle("extended.headers.enabled", "true"),
        HonouredOr("topic.delimiter", ".", "."),
        HonouredOrRefused("topic.heartbeat.prefix", "__debezium-heartbeat"),
        HonouredOrRefused("topic.heartbeat.name"),
        HonouredOrRefused("topic.transaction", "transaction"),
        Idle("topic.cache.size", "10000", "A cache of the JVM."),
        Refused(
            "topic.naming.strategy",
            "io.debezium.schema.SchemaTopicNamingStrategy",
            "Topics would have other names.",
            "io.debezium.schema.SchemaTopicNamingStrategy"
        ),
        HonouredOr("provide.transaction.metadata", "false", "false"),
        Refused(
            "transaction.metadata.factory",
            "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory",
            "It is a Java class that writes other transaction metadata.",
            "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory"
        ),
        Refused(
            "sourceinfo.struct.maker",
            "io.debezium.connector.postgresql.PostgresSourceInfoStructMaker",
            "It is a Java class that writes another source block.",
            "io.debezium.connector.postgresql.PostgresSourceInfoStructMaker"
        ),
        Refused("converters", "", "They are Java classes that write values in their own way."),
        Refused("post.processors", "", "They are Java classes that change events after they are made."),
        HonouredOrRefused("message.prefix.include.list"),
        HonouredOrRefused("message.prefix.exclude.list"),
        HonouredOrIdle("heartbeat.interval.ms", "0", "The slot moves on without it.") with
        {
            Preset = "10000",
        },
        HonouredOrRefused("heartbeat.action.query"),
        Idle(
            "heartbeat.topics.prefix",
            "__debezium-heartbeat",
            "The connector declares it and reads topic.heartbeat.prefix instead."
        ),
        Refused(
            "event.processing.failure.handling.mode",
            "fail",
            "Events that can't be read would be left out.",
            "fail"
        ),
        Refused(
            "event.converting.failure.handling.mode",
            "warn",
            "A value that can't be converted would stop the connector, where the bridge writes null and warns.",
            "warn",
            "skip"
        ),
    ];
}
