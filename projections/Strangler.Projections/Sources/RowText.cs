using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Strangler.Projections.Sources;

/// <summary>The text of a row in the mirror: an object of the mirrored columns in a fixed order, their values byte for byte as the log has them.</summary>
internal static class RowText
{
    // Debezium's placeholder for a TOAST value that was not sent, as text and as the base64 of a bytea.
    private static ReadOnlySpan<byte> Placeholder => "\"__debezium_unavailable_value\""u8;
    private static ReadOnlySpan<byte> BytesPlaceholder => "\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\""u8;

    /// <summary>The mirrored columns of an envelope's image; columns that it does not have are left out.</summary>
    public static string Of(JsonElement image, IReadOnlyList<string> columns, out bool incomplete)
    {
        incomplete = false;
        var text = new StringBuilder(64 * columns.Count).Append('{');
        foreach (var column in columns)
        {
            if (!image.TryGetProperty(column, out var value)) continue;
            var raw = JsonMarshal.GetRawUtf8Value(value);
            incomplete |= IsPlaceholder(raw);
            Append(text, column, raw);
        }
        return text.Append('}').ToString();
    }

    /// <summary>The row with what was not sent taken from the version before; null where that version does not have it either.</summary>
    public static string? Filled(string row, string? before, IReadOnlyList<string> columns)
    {
        if (before is null) return null;
        using var now = JsonDocument.Parse(row);
        using var then = JsonDocument.Parse(before);
        var text = new StringBuilder(row.Length + before.Length).Append('{');
        foreach (var column in columns)
        {
            if (!now.RootElement.TryGetProperty(column, out var value)) continue;
            var raw = JsonMarshal.GetRawUtf8Value(value);
            if (IsPlaceholder(raw))
            {
                if (!then.RootElement.TryGetProperty(column, out var kept)) return null;
                raw = JsonMarshal.GetRawUtf8Value(kept);
                if (IsPlaceholder(raw)) return null;
            }
            Append(text, column, raw);
        }
        return text.Append('}').ToString();
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> raw) => raw.SequenceEqual(Placeholder) || raw.SequenceEqual(BytesPlaceholder);

    private static void Append(StringBuilder text, string column, ReadOnlySpan<byte> raw)
    {
        if (text.Length > 1) text.Append(',');
        text.Append('"').Append(JsonEncodedText.Encode(column)).Append("\":").Append(Encoding.UTF8.GetString(raw));
    }
}
