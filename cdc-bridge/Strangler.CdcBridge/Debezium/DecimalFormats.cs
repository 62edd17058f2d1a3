using System.Buffers;
using System.Globalization;
using System.Numerics;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>numeric and money.</summary>
internal static class DecimalFormats
{
    private const string DecimalName = "org.apache.kafka.connect.data.Decimal";

    private static readonly ConnectSchema Variable = ConnectSchema
        .Struct(new ConnectField("scale", ConnectSchema.Int32), new ConnectField("value", ConnectSchema.Bytes))
        .Named("io.debezium.data.VariableScaleDecimal") with
    {
        Doc = "Variable scaled decimal",
    };

    /// <param name="modifier">The column's; -1 for a numeric of any precision and scale.</param>
    /// <param name="handling">The form of values.</param>
    /// <param name="format">How the JSON converter writes a decimal.</param>
    public static ValueFormat Numeric(int modifier, DecimalHandling handling, DecimalFormat format)
    {
        var (precision, scale) = modifier < 4 ? (0, 0) : ((modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0xFFFF);
        return handling switch
        {
            DecimalHandling.Double => new(ConnectSchema.Float64, Double, [.. "0.0"u8]),
            DecimalHandling.String => new(ConnectSchema.String, TextOf(scale), JsonText.String(Zero(scale))),
            _ when precision == 0 && scale == 0 => new(
                Variable,
                VariableScale,
                [.. "{\"scale\":0,\"value\":\"AA==\"}"u8]
            ),
            _ => new(
                Decimal(scale).With("connect.decimal.precision", precision.ToString(CultureInfo.InvariantCulture)),
                Scaled(scale, format),
                Zero(scale, format)
            ),
        };
    }

    public static ValueFormat Money(ValueOptions options, DecimalFormat format)
    {
        var digits = options.MoneyFractionDigits;
        return options.Decimals switch
        {
            DecimalHandling.Double => new(ConnectSchema.Float64, Of(Double), [.. "0.0"u8]),
            DecimalHandling.String => new(ConnectSchema.String, Of(TextOf(digits)), JsonText.String(Zero(digits))),
            _ => new(Decimal(digits), Of(Scaled(digits, format)), Zero(digits, format)),
        };
    }

    private static byte[] Zero(int scale, DecimalFormat format) =>
        format == DecimalFormat.Numeric ? System.Text.Encoding.ASCII.GetBytes(Zero(scale)) : [.. "\"AA==\""u8];

    private static ConnectSchema Decimal(int scale) =>
        ConnectSchema.Bytes.Named(DecimalName).With("scale", scale.ToString(CultureInfo.InvariantCulture));

    private static string Zero(int scale) => scale == 0 ? "0" : "0." + new string('0', scale);

    private static void Double(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) =>
        JavaNumber.Write(json, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));

    private static ValueEncoder TextOf(int scale) =>
        (text, json) =>
        {
            json.Write("\""u8);
            if (IsSpecial(text))
                json.Write(
                    text[0] switch
                    {
                        (byte)'N' => "NAN"u8,
                        (byte)'I' => "POSITIVE_INFINITY"u8,
                        _ => "NEGATIVE_INFINITY"u8,
                    }
                );
            else
                Number(text, scale, json);
            json.Write("\""u8);
        };

    private static ValueEncoder Scaled(int scale, DecimalFormat format) =>
        (text, json) =>
        {
            if (IsSpecial(text))
                json.Write("null"u8);
            else if (format == DecimalFormat.Numeric)
                Number(text, scale, json);
            else
                Base64Text.Write(json, Unscaled(text, scale).ToByteArray(isUnsigned: false, isBigEndian: true));
        };

    private static void VariableScale(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        if (IsSpecial(text))
        {
            json.Write("null"u8);
            return;
        }
        var point = text.IndexOf((byte)'.');
        if (point >= 0)
        {
            text = text.TrimEnd((byte)'0');
            if (text[^1] == '.')
                text = text[..^1];
        }
        var scale = point >= 0 && point < text.Length ? text.Length - point - 1 : 0;
        json.Write("{\"scale\":"u8);
        JsonText.Number(json, (long)scale);
        json.Write(",\"value\":"u8);
        Base64Text.Write(json, Unscaled(text, scale).ToByteArray(isUnsigned: false, isBigEndian: true));
        json.Write("}"u8);
    }

    /// <summary>All digits that the scale has, and never an exponent.</summary>
    private static void Number(ReadOnlySpan<byte> text, int scale, ArrayBufferWriter<byte> json)
    {
        var point = text.IndexOf((byte)'.');
        json.Write(text);
        if (point < 0 && scale > 0)
            json.Write("."u8);
        for (var i = point < 0 ? 0 : text.Length - point - 1; i < scale; i++)
            json.Write("0"u8);
    }

    private static bool IsSpecial(ReadOnlySpan<byte> text) =>
        text is [(byte)'N', ..] or [(byte)'I', ..] or [(byte)'-', (byte)'I', ..];

    /// <summary>All digits as one number, with as many behind the point as the scale says.</summary>
    private static BigInteger Unscaled(ReadOnlySpan<byte> text, int scale)
    {
        Span<byte> digits =
            text.Length + scale <= 256 ? stackalloc byte[text.Length + scale] : new byte[text.Length + scale];
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        whole.CopyTo(digits);
        var present = Math.Min(fraction.Length, scale);
        fraction[..present].CopyTo(digits[whole.Length..]);
        digits.Slice(whole.Length + present, scale - present).Fill((byte)'0');
        digits = digits[..(whole.Length + scale)];
        return digits.Length <= 18
            ? long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : BigInteger.Parse(
                System.Text.Encoding.ASCII.GetString(digits),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>
    /// Money without its currency sign and separators. Sessions set <c>lc_monetary</c> to C, whose sign is a dollar.
    /// </summary>
    private static ValueEncoder Of(ValueEncoder number) =>
        (text, json) =>
        {
            Span<byte> plain = text.Length <= 128 ? stackalloc byte[text.Length] : new byte[text.Length];
            var length = 0;
            foreach (var code in text)
            {
                if (code is (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9'))
                    plain[length++] = code;
            }
            number(plain[..length], json);
        };
}
