using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>
/// A header with its value as JSON on one line: what the bytes say where they are JSON, else a JSON string of them.
/// Numbers have no trailing zeros, since a recording doesn't keep them.
/// </summary>
internal sealed record RecordedHeader(string Name, string Value)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static RecordedHeader Of(JsonProperty property) => new(property.Name, Spell(property.Value));

    public static RecordedHeader Of(string name, string? text)
    {
        if (text is null)
            return new(name, "null");
        try
        {
            using var document = JsonDocument.Parse(text);
            return new(name, Spell(document.RootElement));
        }
        catch (JsonException)
        {
            return new(name, Quote(text));
        }
    }

    private static string Spell(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(Spell))}}}",
            JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Spell))}]",
            JsonValueKind.String => Quote(value.GetString()!),
            JsonValueKind.Number => Number(value),
            _ => value.GetRawText(),
        };

    private static string Spell(JsonProperty property) => $"{Quote(property.Name)}:{Spell(property.Value)}";

    private static string Quote(string text) => JsonSerializer.Serialize(text, Plain);

    private static string Number(JsonElement value) =>
        value.TryGetDecimal(out var number)
            ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
            : value.GetDouble().ToString("R", CultureInfo.InvariantCulture);
}
