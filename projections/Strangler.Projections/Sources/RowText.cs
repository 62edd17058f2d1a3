using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Strangler.Projections.Sources;

/// <summary>
/// The text of a row in the mirror: an object of the mirrored columns in a fixed order, with their values byte for byte
/// as in the log. A column whose value is unknown is omitted.
/// </summary>
internal static class RowText
{
    // Debezium's placeholder for a TOAST value that wasn't sent, as text and as the base64 of a bytea. A user can also
    // enter it as a real value.
    private static ReadOnlySpan<byte> Placeholder => "\"__debezium_unavailable_value\""u8;
    private static ReadOnlySpan<byte> BytesPlaceholder => "\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\""u8;

    /// <summary>The mirrored columns of an envelope's image; columns that it doesn't have are omitted.</summary>
    /// <param name="image">The image.</param>
    /// <param name="columns">The mirrored columns.</param>
    /// <param name="told">
    /// The columns that weren't sent, as the log says; null if the record is too old to say so, and the placeholder
    /// decides.
    /// </param>
    /// <param name="undecoded">
    /// The columns whose value is bytes that aren't text; null if none. They are mirrored as an object, which no
    /// property type holds.
    /// </param>
    /// <param name="unavailable">Returns the mirrored columns that weren't sent.</param>
    public static string Of(
        JsonElement image,
        IReadOnlyList<string> columns,
        IReadOnlySet<string>? told,
        IReadOnlySet<string>? undecoded,
        out IReadOnlySet<string> unavailable
    )
    {
        HashSet<string>? lacking = null;
        var text = new StringBuilder(64 * columns.Count).Append('{');
        foreach (var column in columns)
        {
            if (!image.TryGetProperty(column, out var value))
                continue;
            var raw = JsonMarshal.GetRawUtf8Value(value);
            if (told?.Contains(column) ?? IsPlaceholder(raw))
                (lacking ??= new HashSet<string>(StringComparer.Ordinal)).Add(column);
            else if (undecoded?.Contains(column) is true)
                Append(text, column, [.. "{\"undecoded\":"u8, .. raw, .. "}"u8]);
            else
                Append(text, column, raw);
        }
        unavailable = (IReadOnlySet<string>?)lacking ?? ImmutableHashSet<string>.Empty;
        return text.Append('}').ToString();
    }

    /// <summary>
    /// The row, with values that weren't sent taken from the version before; null if that version doesn't have them
    /// either.
    /// </summary>
    public static string? Filled(
        string row,
        string? before,
        IReadOnlyList<string> columns,
        IReadOnlySet<string> unavailable
    )
    {
        if (before is null)
            return null;
        using var now = JsonDocument.Parse(row);
        using var then = JsonDocument.Parse(before);
        var text = new StringBuilder(row.Length + before.Length).Append('{');
        foreach (var column in columns)
        {
            var isUnavailable = unavailable.Contains(column);
            if ((isUnavailable ? then : now).RootElement.TryGetProperty(column, out var value))
                Append(text, column, JsonMarshal.GetRawUtf8Value(value));
            else if (isUnavailable)
                return null;
        }
        return text.Append('}').ToString();
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> raw) =>
        raw.SequenceEqual(Placeholder) || raw.SequenceEqual(BytesPlaceholder);

    private static void Append(StringBuilder text, string column, ReadOnlySpan<byte> raw)
    {
        if (text.Length > 1)
            text.Append(',');
        text.Append('"').Append(JsonEncodedText.Encode(column)).Append("\":").Append(Encoding.UTF8.GetString(raw));
    }
}
