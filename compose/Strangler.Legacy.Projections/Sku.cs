using System.Diagnostics.CodeAnalysis;

namespace Shop.Projections;

/// <summary>
/// An item's number: six to twelve digits, as written. Two numbers that differ by a leading zero are two items.
/// </summary>
public readonly record struct Sku : IParsable<Sku>
{
    private const string OldPrefix = "SKU-";

    private readonly string? _digits;

    private Sku(string digits) => _digits = digits;

    /// <summary>The number of an old code: <c>SKU-000123</c>; null for any other text.</summary>
    public static Sku? FromOldCode(string code) =>
        code.StartsWith(OldPrefix, StringComparison.Ordinal) ? Of(code[OldPrefix.Length..]) : null;

    /// <summary>The number in a column; null if the text isn't a number or there is no text.</summary>
    public static Sku? Of(string? text) => TryParse(text, null, out var sku) ? sku : null;

    public static Sku Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var sku)
            ? sku
            : throw new FormatException($"'{s}' is not a SKU: it has six to twelve digits.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Sku result)
    {
        var fits = s is { Length: >= 6 and <= 12 } && s.All(char.IsAsciiDigit);
        result = fits ? new(s!) : default;
        return fits;
    }

    public override string ToString() => _digits ?? "";
}
