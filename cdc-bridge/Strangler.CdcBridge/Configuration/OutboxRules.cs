using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties of the outbox event router; a configuration has them as <c>transforms.ALIAS.NAME</c>.</summary>
internal static class OutboxRules
{
    private const string Tracing = "The router writes spans only where OpenTelemetry is in the worker's JVM.";

    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        Honoured("type", "", "Only io.debezium.transforms.outbox.EventRouter."),
        Idle("plugin.version", "", "The bridge has a router of its own."),
        Refused("predicate", "", "Records that the predicate excludes would be routed too."),
        Refused("negate", "false", "Records that the predicate excludes would be routed too.", "false"),
        Honoured("table.field.event.id", "id"),
        Honoured("table.field.event.key", "aggregateid"),
        Idle("table.field.event.type", "type", "The router declares it and doesn't read it."),
        Honoured("table.field.event.payload", "payload"),
        Honoured("table.field.event.timestamp"),
        Honoured("table.fields.additional.placement"),
        Honoured("table.field.additional.missing", "error"),
        Honoured("table.field.event.schema.version"),
        Honoured("table.op.invalid.behavior", "warn"),
        Honoured("table.expand.json.payload", "false"),
        Honoured("table.json.payload.null.behavior", "ignore"),
        Honoured("route.by.field", "aggregatetype"),
        Honoured("route.topic.regex", "(?<routedByValue>.*)"),
        Honoured("route.topic.replacement", "outbox.event.${routedByValue}"),
        Honoured("route.tombstone.on.empty.payload", "false"),
        Idle("tracing.span.context.field", "tracingspancontext", Tracing),
        Idle("tracing.operation.name", "debezium-read", Tracing),
        Idle("tracing.with.context.field.only", "false", Tracing),
    ];
}
