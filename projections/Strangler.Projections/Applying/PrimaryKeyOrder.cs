using System.Text.Json;

namespace Strangler.Projections.Applying;

/// <summary>The order of rows by primary key: member by member of the key's JSON, numbers by value, everything else by the ordinal order of its text.</summary>
internal sealed class PrimaryKeyOrder : IComparer<string>
{
    public static readonly PrimaryKeyOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        if (x == y || x is null || y is null) return string.CompareOrdinal(x, y);
        using var left = JsonDocument.Parse(x);
        using var right = JsonDocument.Parse(y);
        foreach (var (one, other) in left.RootElement.EnumerateObject().Zip(right.RootElement.EnumerateObject()))
        {
            var order = one.Value.ValueKind == JsonValueKind.Number && other.Value.ValueKind == JsonValueKind.Number && one.Value.TryGetDecimal(out var a) && other.Value.TryGetDecimal(out var b)
                ? a.CompareTo(b)
                : string.CompareOrdinal(one.Value.ToString(), other.Value.ToString());
            if (order != 0) return order;
        }
        return string.CompareOrdinal(x, y);
    }
}
