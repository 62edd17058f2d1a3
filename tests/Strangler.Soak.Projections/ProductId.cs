using System.Diagnostics.CodeAnalysis;

namespace Soak.Projections;

/// <summary>A product's id: a letter P or A and two digits.</summary>
public readonly record struct ProductId(string Text) : IParsable<ProductId>
{
    public static ProductId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a product.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ProductId result)
    {
        result = new(s ?? "");
        return s is ['P' or 'A', >= '0' and <= '9', >= '0' and <= '9'];
    }

    public override string ToString() => Text;
}
