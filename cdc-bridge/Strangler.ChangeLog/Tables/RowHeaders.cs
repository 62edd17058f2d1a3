using System.Text.Json;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// What the wire said of a row's columns and its JSON can't say without doubt: headers of the record, beside Debezium's
/// envelope.
/// </summary>
public static class RowHeaders
{
    /// <summary>
    /// The columns of <c>after</c> that were not sent (TOAST), as a JSON array of names. It stands on every record that
    /// has such a column, and, with an empty array, on every record in which a user's own value is the placeholder.
    /// A record without it was written before there was the header, or holds no placeholder.
    /// </summary>
    public const string Unavailable = "__strangler.unavailable";

    /// <summary>
    /// The columns of key or <c>after</c> whose bytes are not text in the source's encoding, as a JSON array of names.
    /// Their values are the bytes as PostgreSQL writes a bytea: <c>\\x</c> and hexadecimal digits; in the key, which a
    /// user's own text must not equal, as an object with the member <c>undecoded</c>.
    /// </summary>
    public const string Undecoded = "__strangler.undecoded";

    /// <summary>A header over names of columns.</summary>
    public static LogHeader Of(string name, IReadOnlyCollection<string> columns) =>
        new(name, JsonSerializer.Serialize(columns));

    /// <summary>The columns that a header names; null where the record doesn't have it.</summary>
    /// <exception cref="JsonException">It isn't an array of names.</exception>
    public static IReadOnlySet<string>? Columns(IReadOnlyList<LogHeader> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name != name)
                continue;
            return JsonSerializer.Deserialize<string[]>(header.Value)?.ToHashSet(StringComparer.Ordinal);
        }
        return null;
    }
}
