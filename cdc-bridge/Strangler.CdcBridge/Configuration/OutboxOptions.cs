namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// The outbox event router (<c>io.debezium.transforms.outbox.EventRouter</c>): rows of a table become events of other
/// topics. The defaults are the router's own. Its properties begin with the transform's alias,
/// <c>transforms.ALIAS.</c>.
/// </summary>
internal sealed record OutboxOptions
{
    /// <summary>The column of the event's id, which becomes a header (<c>table.field.event.id</c>).</summary>
    public string Id { get; init; } = "id";

    /// <summary>The column of the record's key (<c>table.field.event.key</c>).</summary>
    public string Key { get; init; } = "aggregateid";

    /// <summary>The column of the payload (<c>table.field.event.payload</c>).</summary>
    public string Payload { get; init; } = "payload";

    /// <summary>
    /// The column of the record's time; null for the event's own (<c>table.field.event.timestamp</c>).
    /// </summary>
    public string? Timestamp { get; init; }

    /// <summary>The column of the schema's version; null for none (<c>table.field.event.schema.version</c>).</summary>
    public string? SchemaVersion { get; init; }

    /// <summary>Further columns and where they go (<c>table.fields.additional.placement</c>).</summary>
    public IReadOnlyList<OutboxField> Additional { get; init; } = [];

    /// <summary>
    /// Whether a further column that the table lacks is a fault (<c>table.field.additional.missing</c>).
    /// </summary>
    public bool FailsOnMissing { get; init; } = true;

    /// <summary>The column that decides the topic (<c>route.by.field</c>).</summary>
    public string RouteBy { get; init; } = "aggregatetype";

    /// <summary>Matches its value (<c>route.topic.regex</c>).</summary>
    public string TopicPattern { get; init; } = "(?<routedByValue>.*)";

    /// <summary>The topic, as Java's replacement text (<c>route.topic.replacement</c>).</summary>
    public string TopicReplacement { get; init; } = "outbox.event.${routedByValue}";

    /// <summary>Whether an empty payload becomes a tombstone (<c>route.tombstone.on.empty.payload</c>).</summary>
    public bool HasTombstones { get; init; }

    /// <summary>Whether a payload of JSON text is written as JSON (<c>table.expand.json.payload</c>).</summary>
    public bool ExpandsJson { get; init; }

    /// <summary>Whether a null in it becomes optional bytes instead of being left out.</summary>
    public bool KeepsNulls { get; init; }

    /// <summary>What follows an update of a row (<c>table.op.invalid.behavior</c>).</summary>
    public OutboxInvalidOperation OnInvalid { get; init; }
}
