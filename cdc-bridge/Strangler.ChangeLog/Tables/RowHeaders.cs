using System.Text.Json;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// Headers for what the wire says of a row's columns and its JSON can't express unambiguously, in addition to
/// Debezium's envelope.
/// </summary>
public static class RowHeaders
{
    /// <summary>
    /// The columns of <c>after</c> that were not sent (TOAST), as a JSON array of names. Every record with such a
    /// column has it, and, with an empty array, every record in which a user's own value equals the placeholder. A
    /// record without it was written before the header existed, or holds no placeholder.
    /// </summary>
    public const string Unavailable = "__strangler.unavailable";

    /// <summary>
    /// The columns of key or <c>after</c> whose bytes are not text in the source's encoding, as a JSON array of names.
    /// Their values are the bytes as PostgreSQL writes a bytea: <c>\\x</c> and hexadecimal digits. In the key, which
    /// must not equal a user's own text, they are an object with the member <c>undecoded</c>.
    /// </summary>
    public const string Undecoded = "__strangler.undecoded";

    /// <summary>A header with names of columns.</summary>
    public static LogHeader Of(string name, IReadOnlyCollection<string> columns) =>
        new(name, JsonSerializer.Serialize(columns));

    /// <summary>The columns that a header names; null if the record doesn't have it.</summary>
    /// <exception cref="JsonException">It isn't an array of names.</exception>
    public static IReadOnlySet<string>? Columns(IReadOnlyList<LogHeader> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name != name)
                continue;
            return JsonSerializer.Deserialize<string[]>(header.Value ?? "null")?.ToHashSet(StringComparer.Ordinal);
        }
        return null;
    }
}
