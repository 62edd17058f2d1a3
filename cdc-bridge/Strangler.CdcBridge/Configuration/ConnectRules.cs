using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties that Kafka Connect reads of a source connector.</summary>
internal static class ConnectRules
{
    private const string Converters =
        "The JSON converter; for an outbox also StringConverter, ByteArrayConverter and BinaryDataConverter.";
    private const string Delegate = "Of BinaryDataConverter: only the JSON converter.";
    private const string Version = "The bridge has converters of its own.";
    private const string Retries =
        "A record that can't be written stops the bridge, and is tried again by its restart.";
    private const string Sinks = "Read by sink connectors only.";
    private const string Offsets = "The bridge keeps its position beside its log.";

    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        Idle("name", "", "Events don't carry it."),
        Honoured("connector.class"),
        Refused(
            "connector.plugin.version",
            "3.6.1.Final",
            "Another version of the connector may write other events.",
            "3.6.1.Final"
        ),
        Idle("tasks.max", "1", "The connector has one task whatever it says."),
        Idle("tasks.max.enforce", "true", "The connector has one task whatever it says."),
        HonouredOrIdle("key.converter", ConverterReader.Json, Converters),
        HonouredOrIdle("value.converter", ConverterReader.Json, Converters),
        HonouredOrIdle("header.converter", ConverterReader.SimpleHeader, "Only the simple header converter."),
        Idle("key.converter.plugin.version", "4.3.1", Version),
        Idle("value.converter.plugin.version", "4.3.1", Version),
        Idle("header.converter.plugin.version", "4.3.1", Version),
        Honoured("key.converter.schemas.enable", "true") with
        {
            Fixed = ["false"],
        },
        Honoured("value.converter.schemas.enable", "true") with
        {
            Fixed = ["false"],
        },
        HonouredOrIdle("key.converter.decimal.format", "BASE64"),
        HonouredOrIdle("value.converter.decimal.format", "BASE64"),
        HonouredOrIdle("key.converter.replace.null.with.default", "true"),
        HonouredOrIdle("value.converter.replace.null.with.default", "true"),
        HonouredOrIdle("key.converter.delegate.converter.type", "", Delegate),
        HonouredOrIdle("key.converter.delegate.converter.type.schemas.enable", "true"),
        HonouredOrIdle("key.converter.delegate.converter.type.decimal.format", "BASE64"),
        HonouredOrIdle("key.converter.delegate.converter.type.replace.null.with.default", "true"),
        HonouredOrIdle("value.converter.delegate.converter.type", "", Delegate),
        HonouredOrIdle("value.converter.delegate.converter.type.schemas.enable", "true"),
        HonouredOrIdle("value.converter.delegate.converter.type.decimal.format", "BASE64"),
        HonouredOrIdle("value.converter.delegate.converter.type.replace.null.with.default", "true"),
        Idle("key.converter.schemas.cache.size", "1000", "A cache of the JVM."),
        Idle("value.converter.schemas.cache.size", "1000", "A cache of the JVM."),
        Idle("header.converter.*", "", "The simple header converter has no settings.") with
        {
            Family = PropertyTable.Prefix("header.converter."),
        },
        HonouredOrRefused("transforms", "", "Only the outbox event router."),
        HonouredOrRefused("transforms.*") with
        {
            Family = PropertyTable.Prefix("transforms."),
        },
        Idle("predicates", "", "A transform that refers to a predicate is refused."),
        Idle("predicates.*", "", "A transform that refers to a predicate is refused.") with
        {
            Family = PropertyTable.Prefix("predicates."),
        },
        Idle("config.action.reload", "restart", "Secrets are read at each start."),
        Idle("errors.retry.timeout", "0", Retries),
        Idle("errors.retry.delay.max.ms", "60000", Retries),
        Refused("errors.tolerance", "none", "Records that can't be converted would be left out.", "none"),
        Idle("errors.log.enable", "false", "The bridge logs every fault."),
        Idle("errors.log.include.messages", "false", "The bridge never logs rows."),
        Idle("errors.deadletterqueue.*", "", Sinks) with
        {
            Family = PropertyTable.Prefix("errors.deadletterqueue."),
        },
        HonouredOrIdle("topic.creation.groups", ""),
        HonouredOrIdle("topic.creation.*", "") with
        {
            Family = PropertyTable.Prefix("topic.creation."),
        },
        Refused(
            "exactly.once.support",
            "requested",
            "Connect's transactions aren't used; an event may be written again after a crash.",
            "requested"
        ),
        Idle("transaction.boundary", "poll", "Read by a worker with exactly-once support only, which is refused."),
        Idle("transaction.boundary.interval.ms", "", "Read with transaction.boundary=interval only."),
        Idle("offsets.storage.topic", "", Offsets),
        HonouredOrIdle("producer.override.*", "") with
        {
            Family = PropertyTable.Prefix("producer.override."),
        },
        HonouredOrIdle("admin.override.*", "") with
        {
            Family = PropertyTable.Prefix("admin.override."),
        },
        Idle("consumer.override.*", "", Sinks) with
        {
            Family = PropertyTable.Prefix("consumer.override."),
        },
    ];
}
