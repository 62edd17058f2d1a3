using System.Buffers;
using System.Globalization;

namespace Strangler.CdcBridge.Connect;

/// <summary>
/// Floating-point numbers as Java writes them (<c>Double.toString</c>): at least one digit after the point, and an
/// exponent below 10^-3 and from 10^7 on. The digits are the shortest that read back as the same number, as in Java
/// from version 19 on.
/// </summary>
internal static class JavaNumber
{
    /// <summary>A number in JSON; a string for those that JSON has no number for.</summary>
    public static void Write(ArrayBufferWriter<byte> json, double value) => Write(json, value, Shortest(value, "E1"));

    /// <inheritdoc cref="Write(ArrayBufferWriter{byte}, double)"/>
    public static void Write(ArrayBufferWriter<byte> json, float value) => Write(json, value, Shortest(value, "E1"));

    public static string Text(double value) => Format(value, Shortest(value, "E1"));

    /// <summary>Where one digit is enough, Java takes the closest of two.</summary>
    private static string Shortest<T>(T value, string ofTwo)
        where T : IFormattable
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var digits = text.AsSpan();
        if (digits.IndexOf('E') is >= 0 and var mark)
            digits = digits[..mark];
        return digits.Trim("-0.").Length > 1 ? text : value.ToString(ofTwo, CultureInfo.InvariantCulture);
    }

    private static void Write(ArrayBufferWriter<byte> json, double value, string shortest)
    {
        var text = System.Text.Encoding.ASCII.GetBytes(Format(value, shortest));
        if (double.IsFinite(value))
            json.Write(text);
        else
            Encoding.JsonText.String(json, text);
    }

    private static string Format(double value, string shortest)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
            return sign + "0.0";
        var (digits, exponent) = Scientific(shortest.AsSpan().TrimStart('-'));
        if (exponent is >= -3 and < 7)
            return sign + Plain(digits, exponent);
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{fraction}E{exponent}");
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        var whole = exponent + 1;
        return digits.Length <= whole
            ? digits.PadRight(whole, '0') + ".0"
            : $"{digits.AsSpan(0, whole)}.{digits.AsSpan(whole)}";
    }

    /// <summary>The digits without leading and trailing zeros, and the exponent of the first one.</summary>
    private static (string Digits, int Exponent) Scientific(ReadOnlySpan<char> text)
    {
        var exponent = 0;
        var mark = text.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var all = string.Concat(whole, point < 0 ? default : text[(point + 1)..]);
        var first = all.AsSpan().IndexOfAnyExcept('0');
        return (all[first..].TrimEnd('0'), exponent + whole.Length - 1 - first);
    }
}
