using System.Globalization;
using System.Text;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Profiles;

/// <summary>
/// Names of schemas and fields, with the characters replaced that Avro doesn't allow, as the connector does it.
/// </summary>
internal static class AdjustedName
{
    /// <summary>A schema's name, whose parts points separate.</summary>
    public static string OfSchema(string name, NameAdjustment adjustment) => Of(name, adjustment, allowsPoints: true);

    public static string OfField(string name, NameAdjustment adjustment) => Of(name, adjustment, allowsPoints: false);

    private static string Of(string name, NameAdjustment adjustment, bool allowsPoints)
    {
        if (adjustment == NameAdjustment.None)
            return name;
        var adjusted = new StringBuilder();
        foreach (var (index, code) in name.Index())
        {
            var isDigit = char.IsAsciiDigit(code);
            var isAllowed =
                char.IsAsciiLetter(code)
                || (code == '_' && adjustment == NameAdjustment.Avro)
                || (index > 0 && (isDigit || (code == '.' && allowsPoints)));
            if (isAllowed)
                adjusted.Append(code);
            else if (adjustment == NameAdjustment.AvroUnicode)
                adjusted.Append("_u").Append(Hexadecimal(code));
            else
                adjusted.Append(isDigit ? $"_{code}" : "_");
        }
        return adjusted.ToString();
    }

    /// <summary>Two zeros before one or two digits, as the connector writes them.</summary>
    private static string Hexadecimal(char code)
    {
        var digits = ((int)code).ToString("x", CultureInfo.InvariantCulture);
        return digits.Length <= 2 ? $"00{digits}" : digits;
    }
}
