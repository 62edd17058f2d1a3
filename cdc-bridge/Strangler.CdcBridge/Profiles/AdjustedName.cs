using System.Globalization;
using System.Text;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Profiles;

/// <summary>Names of schemas and fields, with the characters replaced that Avro doesn't allow.</summary>
internal static class AdjustedName
{
    /// <summary>A schema's name, whose parts points separate.</summary>
    public static string OfSchema(string name, NameAdjustment adjustment) =>
        adjustment == NameAdjustment.None
            ? name
            : string.Join('.', name.Split('.').Select(part => OfField(part, adjustment)));

    public static string OfField(string name, NameAdjustment adjustment)
    {
        if (adjustment == NameAdjustment.None || name.Length == 0)
            return name;
        var adjusted = new StringBuilder();
        foreach (var (index, code) in name.Index())
        {
            var isAllowed = code == '_' || char.IsAsciiLetter(code) || (index > 0 && char.IsAsciiDigit(code));
            if (isAllowed && !(code == '_' && adjustment == NameAdjustment.AvroUnicode))
                adjusted.Append(code);
            else if (adjustment == NameAdjustment.AvroUnicode)
                adjusted.Append(CultureInfo.InvariantCulture, $"_u{(int)code:x4}");
            else
                adjusted.Append('_');
        }
        return adjusted.ToString();
    }
}
