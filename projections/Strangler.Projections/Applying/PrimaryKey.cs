using System.Text.Json;

namespace Strangler.Projections.Applying;

/// <summary>
/// A primary key as rows are sorted by it: member by member of the key's JSON, numbers by value, everything else by the
/// ordinal order of its text. Parsed once per row, not once per comparison.
/// </summary>
internal sealed class PrimaryKey : IComparable<PrimaryKey>
{
    private readonly string _text;
    private readonly (decimal? Number, string Text)[] _members;

    public PrimaryKey(string json)
    {
        _text = json;
        using var key = JsonDocument.Parse(json);
        _members =
        [
            .. key
                .RootElement.EnumerateObject()
                .Select(member =>
                    (
                        member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDecimal(out var number)
                            ? number
                            : (decimal?)null,
                        member.Value.ToString()
                    )
                ),
        ];
    }

    public int CompareTo(PrimaryKey? other)
    {
        if (other is null)
            return 1;
        for (var index = 0; index < Math.Min(_members.Length, other._members.Length); index++)
        {
            var (one, another) = (_members[index], other._members[index]);
            var order =
                one.Number is { } left && another.Number is { } right
                    ? left.CompareTo(right)
                    : string.CompareOrdinal(one.Text, another.Text);
            if (order != 0)
                return order;
        }
        return string.CompareOrdinal(_text, other._text);
    }
}
