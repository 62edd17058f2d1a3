using System.Globalization;
using System.Text;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>
/// A header as Kafka Connect's simple converter writes it: text without quotes, numbers with their digits, bytes in
/// base64, arrays and structs like JSON.
/// </summary>
internal static class HeaderText
{
    /// <param name="schema">The value's.</param>
    /// <param name="json">The value.</param>
    /// <returns>Null for null.</returns>
    public static string? Of(ConnectSchema schema, PayloadNode json)
    {
        if (json is PayloadNode.Null)
            return null;
        var text = new StringBuilder();
        Append(text, schema, json, isInner: false);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ConnectSchema? schema, PayloadNode json, bool isInner)
    {
        switch (json)
        {
            case PayloadNode.Null:
                text.Append("null");
                break;
            case PayloadNode.Flag(var flag):
                text.Append(flag ? "true" : "false");
                break;
            case not (PayloadNode.List or PayloadNode.Object) when schema is not null && JavaDecimal.IsFor(schema):
                text.Append(JavaDecimal.Text(json, schema));
                break;
            case PayloadNode.Number(var digits):
                text.Append(Time(schema, digits) ?? digits);
                break;
            case PayloadNode.Text(var value)
                when isInner && schema?.Type is not (ConnectType.Float32 or ConnectType.Float64):
                Quote(text, value);
                break;
            case PayloadNode.Text(var value):
                text.Append(value);
                break;
            case PayloadNode.List(var elements):
                text.Append('[');
                foreach (var (index, element) in elements.Index())
                {
                    text.Append(index == 0 ? "" : ",");
                    Append(text, schema?.Items, element, isInner: true);
                }
                text.Append(']');
                break;
            case PayloadNode.Object(var members):
                text.Append('{');
                foreach (var (index, (name, value)) in members.Index())
                {
                    text.Append(index == 0 ? "" : ",");
                    Quote(text, name);
                    text.Append(':');
                    var field = schema?.Fields.FirstOrDefault(field => field.Name == name);
                    Append(text, field?.Schema ?? schema?.Items, value, isInner: true);
                }
                text.Append('}');
                break;
        }
    }

    private static void Quote(StringBuilder text, string value) =>
        text.Append('"')
            .Append(
                value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            )
            .Append('"');

    /// <summary>
    /// Connect's own dates and times (<c>time.precision.mode=connect</c>): on the first day and before it only the time
    /// is written, at midnight only the date.
    /// </summary>
    private static string? Time(ConnectSchema? schema, string digits)
    {
        const long Day = 86_400_000;
        long? unit = schema?.Name switch
        {
            "org.apache.kafka.connect.data.Date" => Day,
            "org.apache.kafka.connect.data.Time" or "org.apache.kafka.connect.data.Timestamp" => 1,
            _ => null,
        };
        if (unit is null || !long.TryParse(digits, CultureInfo.InvariantCulture, out var count))
            return null;
        if (Math.Abs(count) > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() / unit)
            return null;
        var milliseconds = count * unit.Value;
        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds())
            return null;
        var format =
            milliseconds < Day ? "HH:mm:ss.fff'Z'"
            : milliseconds % Day == 0 ? "yyyy-MM-dd"
            : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString(format, CultureInfo.InvariantCulture);
    }
}
