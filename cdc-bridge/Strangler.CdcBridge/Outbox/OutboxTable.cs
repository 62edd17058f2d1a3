using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Schema;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Outbox;

/// <summary>A table whose rows are events of an outbox.</summary>
internal sealed record OutboxTable(
    RelationModel Relation,
    OutboxColumn Id,
    OutboxColumn Key,
    OutboxColumn Payload,
    OutboxColumn Route
)
{
    /// <summary>The event's time; null if none is configured.</summary>
    public OutboxColumn? Timestamp { get; private init; }

    /// <summary>The version of its schema; null if none is configured.</summary>
    public OutboxColumn? Version { get; private init; }

    /// <summary>Further columns, in the order of the configuration.</summary>
    public IReadOnlyList<(OutboxField Field, OutboxColumn Column)> Additional { get; private init; } = [];

    public string Name => $"{Relation.Shape.Schema}.{Relation.Shape.Table}";

    /// <summary>Whether the value is a struct around the payload.</summary>
    public bool HasEnvelope { get; private init; }

    /// <summary>Every column that is read.</summary>
    public IEnumerable<OutboxColumn> Columns =>
        [
            Id,
            Key,
            Payload,
            Route,
            .. new[] { Timestamp, Version }.OfType<OutboxColumn>(),
            .. Additional.Select(additional => additional.Column),
        ];

    /// <summary>Finds the router's columns in a table.</summary>
    /// <param name="missing">The column without which a table isn't an outbox; null if it has all of them.</param>
    /// <returns>Null if the table isn't an outbox.</returns>
    /// <exception cref="FaultException">It is one, and lacks another column that is configured.</exception>
    public static OutboxTable? Of(RelationModel relation, OutboxOptions options, out string? missing)
    {
        missing = Array.Find(
            [options.Id, options.Key, options.Payload, options.RouteBy],
            name => OutboxColumn.Find(relation.Columns, name) is null
        );
        if (missing is not null)
            return null;
        var hasEnvelope = options.Additional.Any(field => field.Place == OutboxPlace.Envelope);
        return new OutboxTable(
            relation,
            OutboxColumn.Find(relation.Columns, options.Id)!,
            OutboxColumn.Find(relation.Columns, options.Key)!,
            OutboxColumn.Find(relation.Columns, options.Payload)!,
            OutboxColumn.Find(relation.Columns, options.RouteBy)!
        )
        {
            Timestamp = Configured(options.Timestamp, "table.field.event.timestamp"),
            Version = hasEnvelope ? Configured(options.SchemaVersion, "table.field.event.schema.version") : null,
            Additional =
            [
                .. options
                    .Additional.Select(field => (Field: field, Column: Additional(field)!))
                    .Where(additional => additional.Column is not null),
            ],
            HasEnvelope = hasEnvelope,
        };

        OutboxColumn? Additional(OutboxField field) =>
            options.FailsOnMissing
                ? Configured(field.Column, "table.fields.additional.placement")
                : OutboxColumn.Find(relation.Columns, field.Column);

        OutboxColumn? Configured(string? name, string property) =>
            name is null
                ? null
                : OutboxColumn.Find(relation.Columns, name)
                    ?? throw new FaultException(
                        new Fault(
                            $"{relation.Shape.Schema}.{relation.Shape.Table}",
                            $"The outbox has no column '{name}', which '{property}' names.",
                            property == "table.fields.additional.placement"
                                ? "Add it, correct the property, or set 'table.field.additional.missing' to 'ignore'."
                                : "Add it, or correct the property."
                        )
                    );
    }
}
