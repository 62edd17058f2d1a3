using System.Text;
using System.Text.Json;

namespace Strangler.Projections.Declaring;

/// <summary>
/// The member names of a row's JSON, found without making a string. Rows mostly have their members in the same order,
/// so the name after the last one is tried first.
/// </summary>
internal sealed class RowNames(IEnumerable<string> names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The index of the reader's current name; -1 if it isn't a declared column.</summary>
    public int Find(ref Utf8JsonReader reader, int last)
    {
        var next = last + 1;
        if (next < _names.Length && reader.ValueTextEquals(_names[next]))
            return next;
        for (var i = 0; i < _names.Length; i++)
        {
            if (reader.ValueTextEquals(_names[i]))
                return i;
        }
        return -1;
    }

    /// <summary>Moves the reader into the object.</summary>
    public static void Begin(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new RowReadException("It is not a JSON object.");
    }

    /// <summary>Moves the reader to the next member; false at the object's end.</summary>
    public static bool Advance(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    public static void Missing(DeclaredColumn column) =>
        throw new RowReadException(
            $"The column '{column.Name}', which the property {column.Property} maps to, is missing."
        );
}
