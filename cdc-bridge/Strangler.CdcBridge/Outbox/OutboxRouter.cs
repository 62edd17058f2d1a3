using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Outbox;

/// <summary>
/// Debezium's outbox event router. A row that is inserted, or read by a snapshot, becomes an event of the topic that it
/// names; updates and deletes become none. Where the router ends with an error on a row, this one writes what it can
/// and logs why, once a reason; a row whose topic can't be written to becomes no event, and each is logged. A table
/// without the router's columns isn't an outbox, and its rows stay what they are.
/// </summary>
internal sealed class OutboxRouter(EventOptions events, OutboxOptions options, ILogger logger)
{
    private const int MaxShown = 200;

    private readonly TopicRoute _route = new(options.TopicPattern, options.TopicReplacement);
    private readonly OutboxSchemas _schemas = new();
    private readonly ConditionalWeakTable<RelationModel, StrongBox<OutboxTable?>> _tables = [];
    private readonly HashSet<(string Table, string Reason)> _reported = [];

    /// <returns>Null if none is configured.</returns>
    public static OutboxRouter? Of(EventOptions events, ILogger logger) =>
        events.Outbox is { } options ? new OutboxRouter(events, options, logger) : null;

    /// <returns>Null if the table isn't an outbox.</returns>
    public OutboxTable? Find(RelationModel relation) => _tables.GetValue(relation, Recognize).Value;

    /// <summary>A row of an outbox was updated, or all of them were truncated.</summary>
    /// <exception cref="FaultException">The configuration says that it must not happen.</exception>
    public void Refuse(OutboxTable table)
    {
        if (options.OnInvalid == OutboxInvalidOperation.Fatal)
            throw new FaultException(
                new Fault(
                    table.Name,
                    "A row of the outbox was updated, or the table was truncated.",
                    "Let the application only insert and delete rows, and set 'table.op.invalid.behavior' to 'warn' or "
                        + "'error' to get past the change."
                )
            );
        var level = options.OnInvalid == OutboxInvalidOperation.Warn ? LogLevel.Warning : LogLevel.Error;
        logger.OutboxChangeIgnored(level, table.Name);
    }

    /// <summary>The event of a row; null if its topic can't be written to, which has been logged.</summary>
    /// <param name="headers">Those that every record has.</param>
    public OutboxEvent? Route(OutboxTable table, OutboxRow row, IReadOnlyList<LogHeader> headers)
    {
        var route = Node(row.Given(table.Route)) switch
        {
            PayloadNode.Null => ReportOnce(table, "it names no topic, and has that of an empty name", ""),
            var name => JavaText.Of(table.Route.Schema, name),
        };
        var topic =
            _route.Of(route) ?? ReportOnce(table, "matching its topic takes more than a second, and isn't done", route);
        var allowed = TopicRoute.Allowed(topic);
        if (allowed != topic)
            ReportOnce(
                table,
                "its topic has characters that Kafka doesn't allow, and gets underscores for them",
                topic
            );
        if (TopicRoute.Refusal(allowed) is { } refusal)
        {
            var key = System.Text.Encoding.UTF8.GetString(row.Key(table.Key));
            logger.OutboxEventRefused(table.Name, Beginning(key), Beginning(allowed), refusal);
            return null;
        }
        var (schema, payload, isEmpty) = Payload(table, row);
        var value =
            isEmpty && options.HasTombstones ? null
            : table.HasEnvelope
                ? ConvertedBytes.Of(
                    events.ValueConverter,
                    Envelope(table, row, route, schema!, payload),
                    Struct(table, row, payload)
                )
            : ConvertedBytes.Of(events.ValueConverter, schema, payload);
        return new OutboxEvent(
            allowed,
            ConvertedBytes.Of(events.KeyConverter, table.Key.Schema, row.Key(table.Key)),
            [.. headers, Header("id", table.Id, row), .. Headers(table, row)],
            value,
            Partition(table, row),
            Timestamp(table, row)
        );
    }

    private StrongBox<OutboxTable?> Recognize(RelationModel relation)
    {
        var table = OutboxTable.Of(relation, options, out var missing);
        var name = $"{relation.Shape.Schema}.{relation.Shape.Table}";
        if (table is null && _reported.Add((name, $"no {missing}")))
            logger.TableNotRouted(name, missing);
        return new StrongBox<OutboxTable?>(table);
    }

    /// <summary>The payload, expanded if that is configured, and whether it counts as empty.</summary>
    private (ConnectSchema? Schema, byte[] Json, bool IsEmpty) Payload(OutboxTable table, OutboxRow row)
    {
        var (schema, json) = (table.Payload.Schema, row.OrDefault(table.Payload));
        var node = Node(json);
        if (node is PayloadNode.Null)
            return (schema, json, true);
        if (node is not PayloadNode.Text(var text) || schema.Type != ConnectType.String)
        {
            if (options.ExpandsJson)
                ReportOnce(table, "its payload isn't text, and is written as it is", json);
            return (schema, json, false);
        }
        var isEmpty = text.AsSpan().IndexOfAnyExceptInRange('\0', ' ') < 0;
        if (!options.ExpandsJson)
            return (schema, json, isEmpty);
        switch (PayloadExpansion.Of(table.Payload.Name, text, options.KeepsNulls))
        {
            case PayloadExpansion.Structured(var own, var structured):
                return (own, structured, false);
            case PayloadExpansion.Bare when !table.HasEnvelope:
                return (null, json, false);
            case PayloadExpansion.Unchanged(var why):
                ReportOnce(table, $"its payload stays text: {why}", json);
                break;
            default:
                break;
        }
        return (schema, json, isEmpty);
    }

    private ConnectSchema Envelope(
        OutboxTable table,
        OutboxRow row,
        string route,
        ConnectSchema payload,
        byte[] json
    ) =>
        _schemas.Of(
            AdjustedName.OfSchema(table.Relation.EventTopic, events.SchemaNames),
            route,
            table.Version is { } version ? Number(table, version, row) : null,
            table.Version is not null,
            payload,
            Node(json) is PayloadNode.Null,
            [
                .. At(table, OutboxPlace.Envelope)
                    .Select(additional => new ConnectField(additional.Field.Alias, additional.Column.Schema)),
            ]
        );

    private static byte[] Struct(OutboxTable table, OutboxRow row, byte[] payload) =>
        [
            .. "{\"payload\":"u8,
            .. payload,
            .. At(table, OutboxPlace.Envelope)
                .SelectMany(additional =>
                    (byte[])
                        [
                            (byte)',',
                            .. JavaJson.Bytes(additional.Field.Alias),
                            (byte)':',
                            .. row.OrDefault(additional.Column),
                        ]
                ),
            (byte)'}',
        ];

    private static IEnumerable<LogHeader> Headers(OutboxTable table, OutboxRow row) =>
        At(table, OutboxPlace.Header).Select(additional => Header(additional.Field.Alias, additional.Column, row));

    private static LogHeader Header(string name, OutboxColumn column, OutboxRow row) =>
        new(name, HeaderText.Of(column.Schema, Node(row.OrDefault(column))));

    /// <summary>The last column that names one decides.</summary>
    private int? Partition(OutboxTable table, OutboxRow row) =>
        At(table, OutboxPlace.Partition).LastOrDefault().Column is { } column && row.Given(column) is not null
            ? Number(table, column, row) is >= 0 and var partition
                ? partition
                : ReportOnce<int?>(table, "its partition isn't one, and its key decides", null)
            : null;

    private DateTimeOffset? Timestamp(OutboxTable table, OutboxRow row)
    {
        if (table.Timestamp is not { } column || row.Given(column) is not { } json)
            return null;
        return EventTime.Of(column.Schema, Node(json))
            ?? ReportOnce<DateTimeOffset?>(
                table,
                "its time is one that Kafka doesn't have, and is that of its writing",
                null
            );
    }

    private int? Number(OutboxTable table, OutboxColumn column, OutboxRow row) =>
        Node(row.Given(column)) switch
        {
            PayloadNode.Null => null,
            PayloadNode.Number(var digits) when int.TryParse(digits, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => ReportOnce<int?>(table, $"its column '{column.Name}' isn't a whole number of 32 bits", null),
        };

    private static IEnumerable<(OutboxField Field, OutboxColumn Column)> At(OutboxTable table, OutboxPlace place) =>
        table.Additional.Where(additional => additional.Field.Place == place);

    private static PayloadNode Node(byte[]? json) => json is null ? new PayloadNode.Null() : PayloadReader.Read(json);

    private static string Beginning(string text) => text.Length <= MaxShown ? text : $"{text[..MaxShown]}…";

    /// <summary>Logs a reason once, and goes on with <paramref name="result"/>.</summary>
    private T ReportOnce<T>(OutboxTable table, string reason, T result)
    {
        if (_reported.Add((table.Name, reason)))
            logger.OutboxEventDiffers(table.Name, reason);
        return result;
    }
}
