using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Reads the transforms. One is known, the outbox event router; every other changes records in ways that only its code
/// knows.
/// </summary>
internal static class OutboxReader
{
    private const string Router = "io.debezium.transforms.outbox.EventRouter";

    /// <returns>Null if no router is configured.</returns>
    public static OutboxOptions? Read(PropertyValues values)
    {
        OutboxOptions? options = null;
        var aliases = values
            .Text("transforms")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var alias in aliases)
        {
            var prefix = $"transforms.{alias}.";
            var type = values.Required($"{prefix}type", $"Each transform has a type, such as '{Router}'.").Trim();
            if (type.Length == 0)
                continue;
            if (type is not (Router or "EventRouter"))
                values.Fault(
                    $"{prefix}type",
                    $"The transform '{alias}' is of the type '{values.Shown($"{prefix}type", type)}', "
                        + $"which is not supported. {Effect(type)}",
                    "Remove it from 'transforms', and do its work in a consumer."
                );
            else if (options is not null)
                values.Fault(
                    $"{prefix}type",
                    $"The transform '{alias}' is a second outbox event router.",
                    "Remove one of them from 'transforms'."
                );
            else
                options = Options(values, prefix);
        }
        return options;
    }

    /// <summary>What would differ without a transform.</summary>
    private static string Effect(string type)
    {
        var name = type[(type.LastIndexOf('.') + 1)..];
        return name.Split('$')[0] switch
        {
            "RegexRouter" or "TimestampRouter" or "ContentBasedRouter" or "SchemaChangeEventFilter" =>
                "Without it, records would be in topics of other names.",
            "ByLogicalTableRouter" => "Without it, records would be in one topic a table, with other keys.",
            "PartitionRouting" => "Without it, records would be in other partitions.",
            "ExtractNewRecordState" or "ExtractChangedRecordState" =>
                "Without it, values would be whole events in place of rows.",
            "ValueToKey" => "Without it, keys would be the table's.",
            "Filter" => "Without it, records that it drops would be written.",
            "TimezoneConverter" => "Without it, times would be in UTC.",
            _ when name.EndsWith("$Key", StringComparison.Ordinal) =>
                "Without it, keys would be other bytes, in other partitions.",
            _ when name.EndsWith("$Value", StringComparison.Ordinal) => "Without it, values would be other bytes.",
            "HeaderToValue" or "InsertHeader" or "DropHeaders" or "HeaderFrom" =>
                "Without it, headers or values would differ.",
            _ => "Without it, topics, keys or values may differ.",
        };
    }

    private static OutboxOptions Options(PropertyValues values, string prefix)
    {
        CheckNames(values, prefix);
        CheckRoute(values, $"{prefix}route.topic.regex", $"{prefix}route.topic.replacement");
        return new OutboxOptions
        {
            Id = values.Text($"{prefix}table.field.event.id"),
            Key = values.Text($"{prefix}table.field.event.key"),
            Payload = values.Text($"{prefix}table.field.event.payload"),
            Timestamp = values.Given($"{prefix}table.field.event.timestamp"),
            SchemaVersion = values.Given($"{prefix}table.field.event.schema.version"),
            Additional = Additional(values, $"{prefix}table.fields.additional.placement"),
            FailsOnMissing = values.Choice(
                $"{prefix}table.field.additional.missing",
                ("error", true),
                ("ignore", false)
            ),
            RouteBy = values.Text($"{prefix}route.by.field"),
            TopicPattern = values.Text($"{prefix}route.topic.regex"),
            TopicReplacement = values.Text($"{prefix}route.topic.replacement"),
            HasTombstones = values.Flag($"{prefix}route.tombstone.on.empty.payload"),
            ExpandsJson = values.Flag($"{prefix}table.expand.json.payload"),
            KeepsNulls = values.Choice(
                $"{prefix}table.json.payload.null.behavior",
                ("ignore", false),
                ("optional_bytes", true)
            ),
            OnInvalid = values.Choice(
                $"{prefix}table.op.invalid.behavior",
                ("warn", OutboxInvalidOperation.Warn),
                ("error", OutboxInvalidOperation.Error),
                ("fatal", OutboxInvalidOperation.Fatal)
            ),
        };
    }

    private static void CheckNames(PropertyValues values, string prefix)
    {
        foreach (var (name, value) in values.Set)
        {
            if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var option = name[prefix.Length..];
            var rule = OutboxRules.All.FirstOrDefault(rule => rule.IsFor(option));
            if (rule is null)
                values.Fault(
                    name,
                    "The outbox event router has no such property.",
                    PropertyCheck.Suggest(option, OutboxRules.All)
                );
            else if (rule.Treatment == PropertyTreatment.Refused && !rule.Accepts(value, EventFormat.Debezium36))
                values.Fault(name, $"It is not supported. {rule.Note}", "Leave it out.");
        }
    }

    private static void CheckRoute(PropertyValues values, string regex, string replacement)
    {
        if (values.Compile(regex, values.Text(regex), ignoreCase: false) is not { } pattern)
            return;
        try
        {
            JavaReplacement.Parse(values.Text(replacement), pattern);
        }
        catch (ArgumentException exception)
        {
            values.Fault(
                replacement,
                $"'{values.Shown(replacement)}' is not a replacement. {exception.Message.Split(" (Parameter")[0]}",
                "Refer to a group of 'route.topic.regex' as '$1' or '${name}', and write '\\$' for a dollar sign."
            );
        }
    }

    /// <summary><c>column:header:alias,column:envelope,column:partition</c>.</summary>
    private static List<OutboxField> Additional(PropertyValues values, string name)
    {
        var fields = new List<OutboxField>();
        foreach (var entry in values.Text(name).Split(',').Where(entry => entry.Trim().Length > 0))
        {
            var parts = entry.Split(':', StringSplitOptions.TrimEntries);
            OutboxPlace? place = parts.Length is 2 or 3
                ? parts[1].ToLowerInvariant() switch
                {
                    "header" => OutboxPlace.Header,
                    "envelope" => OutboxPlace.Envelope,
                    "partition" => OutboxPlace.Partition,
                    _ => null,
                }
                : null;
            var alias = parts.Length == 3 ? parts[2] : parts[0];
            if (
                place == OutboxPlace.Envelope
                && (alias == "payload" || fields.Exists(field => (field.Place, field.Alias) == (place, alias)))
            )
                values.Fault(
                    name,
                    $"The value would have two fields of the name '{values.Shown(name, alias)}'.",
                    "Write 'column:envelope:alias' for another name."
                );
            else if (place is { } known && parts[0].Length > 0)
                fields.Add(new OutboxField(parts[0], known, parts.Length == 3 ? parts[2] : parts[0]));
            else
                values.Fault(
                    name,
                    $"'{values.Shown(name, entry.Trim())}' is not a column and its place.",
                    "Write 'column:header', 'column:envelope' or 'column:partition', and ':alias' for another name."
                );
        }
        return fields;
    }
}
