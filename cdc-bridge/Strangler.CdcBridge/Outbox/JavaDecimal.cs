using System.Globalization;
using System.Numerics;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>A decimal as Java writes it (<c>BigDecimal.toString</c>): small ones have an exponent.</summary>
internal static class JavaDecimal
{
    private const string Name = "org.apache.kafka.connect.data.Decimal";
    private const int MinPlainExponent = -6;

    public static bool IsFor(ConnectSchema schema) => schema.Name == Name;

    /// <param name="json">A number, or its bytes in base64.</param>
    /// <param name="schema">Has the scale.</param>
    public static string Text(PayloadNode json, ConnectSchema schema)
    {
        var scale = int.Parse(
            schema.Parameters.First(parameter => parameter.Key == "scale").Value,
            CultureInfo.InvariantCulture
        );
        return json switch
        {
            PayloadNode.Text(var base64) => Text(
                new BigInteger(Convert.FromBase64String(base64), isUnsigned: false, isBigEndian: true),
                scale
            ),
            PayloadNode.Number(var digits) => Text(
                BigInteger.Parse(
                    digits.Replace(".", "", StringComparison.Ordinal),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture
                ),
                scale
            ),
            _ => "null",
        };
    }

    public static string Text(BigInteger unscaled, int scale)
    {
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture);
        var sign = unscaled.Sign < 0 ? "-" : "";
        var exponent = digits.Length - 1 - scale;
        if (scale < 0 || exponent < MinPlainExponent)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}E{exponent:+0;-0;+0}");
        }
        if (scale == 0)
            return sign + digits;
        digits = digits.PadLeft(scale + 1, '0');
        return $"{sign}{digits.AsSpan(0, digits.Length - scale)}.{digits.AsSpan(digits.Length - scale)}";
    }
}
