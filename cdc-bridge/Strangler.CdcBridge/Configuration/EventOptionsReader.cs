using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads which events are written and what they look like.</summary>
internal static class EventOptionsReader
{
    public static EventOptions Read(PropertyValues values, PropertyValues worker, EventFormat format)
    {
        var outbox = OutboxReader.Read(values);
        SourceReader.Exclusive(values, "message.prefix.exclude.list", "message.prefix.include.list");
        return new EventOptions
        {
            Format = format,
            Values = Values(values),
            Columns = ColumnOptionsReader.Read(values),
            KeyConverter = ConverterReader.Read("key", values, worker, format, outbox is not null),
            ValueConverter = ConverterReader.Read("value", values, worker, format, outbox is not null),
            HasTombstones = values.Flag("tombstones.on.delete"),
            SkippedOperations = Skipped(values),
            SkipsUnchanged = values.Flag("skip.messages.without.change"),
            HasTransactionMetadata = values.Flag("provide.transaction.metadata"),
            HasContextHeaders = values.Flag("extended.headers.enabled"),
            TopicDelimiter = TopicPart(values, "topic.delimiter"),
            TransactionTopic = TopicPart(values, "topic.transaction"),
            SchemaNames = Adjustment(values, "schema.name.adjustment.mode"),
            FieldNames = Adjustment(values, "field.name.adjustment.mode"),
            IncludedMessages = values.Patterns("message.prefix.include.list"),
            ExcludedMessages = values.Patterns("message.prefix.exclude.list"),
            Heartbeat = new HeartbeatOptions
            {
                Interval = values.Milliseconds("heartbeat.interval.ms"),
                TopicPrefix = TopicPart(values, "topic.heartbeat.prefix"),
                TopicName = TopicPart(values, "topic.heartbeat.name") is { Length: > 0 } name ? name : null,
                Query = values.Given("heartbeat.action.query"),
            },
            Outbox = outbox,
        };
    }

    private static ValueOptions Values(PropertyValues values) =>
        new()
        {
            Decimals = values.Choice(
                "decimal.handling.mode",
                ("precise", DecimalHandling.Precise),
                ("string", DecimalHandling.String),
                ("double", DecimalHandling.Double)
            ),
            Times = values.Choice(
                "time.precision.mode",
                ("adaptive", TimePrecision.Adaptive),
                ("adaptive_time_microseconds", TimePrecision.AdaptiveTimeMicroseconds),
                ("connect", TimePrecision.Connect),
                ("isostring", TimePrecision.IsoString),
                ("microseconds", TimePrecision.Microseconds),
                ("nanoseconds", TimePrecision.Nanoseconds)
            ),
            Binary = values.Choice(
                "binary.handling.mode",
                ("bytes", BinaryHandling.Bytes),
                ("base64", BinaryHandling.Base64),
                ("base64-url-safe", BinaryHandling.Base64UrlSafe),
                ("hex", BinaryHandling.Hex)
            ),
            Hstore = values.Choice("hstore.handling.mode", ("json", HstoreHandling.Json), ("map", HstoreHandling.Map)),
            Intervals = values.Choice(
                "interval.handling.mode",
                ("numeric", IntervalHandling.Numeric),
                ("string", IntervalHandling.String)
            ),
            MoneyFractionDigits = values.Number("money.fraction.digits", 0, short.MaxValue),
            IncludesUnknownTypes = values.Flag("include.unknown.datatypes"),
            Placeholder = Placeholder(values),
        };

    private static ImmutableArray<byte> Placeholder(PropertyValues values)
    {
        const string Name = "unavailable.value.placeholder";
        const string Hex = "hex:";
        var text = values.Text(Name);
        if (!text.StartsWith(Hex, StringComparison.Ordinal))
            return [.. System.Text.Encoding.UTF8.GetBytes(text)];
        try
        {
            return [.. Convert.FromHexString(text[Hex.Length..])];
        }
        catch (FormatException)
        {
            values.Fault(
                Name,
                $"'{values.Shown(Name)}' has no pairs of hexadecimal digits after 'hex:'.",
                "Correct it, or leave it out."
            );
            return new ValueOptions().Placeholder;
        }
    }

    private static FrozenSet<char> Skipped(PropertyValues values)
    {
        const string Name = "skipped.operations";
        var words = values
            .Text(Name)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 1 && words.Contains("none", StringComparer.OrdinalIgnoreCase))
            values.Fault(Name, "'none' is set together with operations.", "Set 'none', or the operations to skip.");
        else if (Array.Find(words, word => word is not ("none" or "r" or "c" or "u" or "d" or "t")) is { } odd)
            values.Fault(
                Name,
                $"'{values.Shown(Name, odd)}' is not an operation.",
                "Use 'c', 'u', 'd' and 't', separated by commas, or 'none'."
            );
        // the connector skips nothing of a snapshot, so 'r' means nothing
        return [.. words.Where(word => word is "c" or "u" or "d" or "t").Select(word => word[0])];
    }

    private static NameAdjustment Adjustment(PropertyValues values, string name) =>
        values.Choice(
            name,
            ("none", NameAdjustment.None),
            ("avro", NameAdjustment.Avro),
            ("avro_unicode", NameAdjustment.AvroUnicode)
        );

    private static string TopicPart(PropertyValues values, string name)
    {
        var text = values.Text(name);
        ConnectionReader.CheckControl(values, name, text);
        if (text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return text;
        values.Fault(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{values.Shown(name)}' has characters that aren't allowed in a topic name."
            ),
            "Use letters, digits, '.', '_' and '-'."
        );
        return "";
    }
}
