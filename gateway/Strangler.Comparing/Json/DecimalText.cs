using System.Globalization;
using System.Numerics;
using System.Text;

namespace Strangler.Comparing.Json;

/// <summary>
/// The exact value of a number written in decimal: significant digits and the power of ten of the first one. Nothing is
/// computed, so 1e999999999 costs nothing.
/// </summary>
/// <remarks>
/// .NET's <see cref="decimal"/> rounds after 28 digits, and <see cref="BigInteger"/> would write an exponent out.
/// An exponent of more than 18 digits makes no sense; such numbers are equal only if they are written the same.
/// </remarks>
internal readonly ref struct DecimalText
{
    private const int MaxExponentDigits = 18;

    /// <summary>Numbers that need more digits than this when written out aren't used in calculations.</summary>
    private const int MaxDigits = 1000;

    private readonly ReadOnlySpan<byte> _text;

    /// <summary>From the first to the last nonzero digit, possibly with a decimal point in between.</summary>
    private readonly ReadOnlySpan<byte> _digits;
    private readonly bool _negative;
    private readonly bool _spelling;
    private readonly long _power;

    private DecimalText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> digits, bool negative, bool spelling, long power)
    {
        _text = text;
        _digits = digits;
        _negative = negative;
        _spelling = spelling;
        _power = power;
    }

    /// <summary>Reads a number by JSON's grammar (RFC 8259, section 6).</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DecimalText number)
    {
        number = default;
        var at = !text.IsEmpty && text[0] == '-' ? 1 : 0;
        var from = at;
        at += Digits(text[at..]);
        var whole = at - from;
        if (whole == 0 || whole > 1 && text[from] == '0')
            return false;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = Digits(text[(at + 1)..]);
            if (fraction == 0)
                return false;
            at += 1 + fraction;
        }
        var mantissa = text[from..at];
        long exponent = 0;
        var spelling = false;
        if (at < text.Length)
        {
            if ((text[at] | 0x20) != 'e')
                return false;
            at++;
            var minus = at < text.Length && text[at] == '-';
            if (minus || at < text.Length && text[at] == '+')
                at++;
            var digits = text[at..];
            if (digits.IsEmpty || Digits(digits) != digits.Length)
                return false;
            digits = digits.TrimStart((byte)'0');
            spelling = digits.Length > MaxExponentDigits;
            if (!spelling)
                foreach (var digit in digits)
                    exponent = (exponent * 10) + (digit - '0');
            if (minus)
                exponent = -exponent;
        }
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        if (first < 0) // zero has one value, whatever its sign and exponent
        {
            number = new DecimalText(text, default, false, false, 0);
            return true;
        }
        var last = mantissa.LastIndexOfAnyInRange((byte)'1', (byte)'9');
        // the power of the first digit: digits before the point are whole-1 … 0, those after it -1 and below
        var power = first < whole ? whole - 1 - first : whole - first;
        number = new DecimalText(text, mantissa[first..(last + 1)], text[0] == '-', spelling, exponent + power);
        return true;
    }

    public bool IsZero => _digits.IsEmpty;

    public bool Equals(DecimalText other)
    {
        if (_spelling || other._spelling)
            return _text.SequenceEqual(other._text);
        return _negative == other._negative && _power == other._power && CompareDigits(other) == 0;
    }

    /// <summary>By value; huge exponents sort by their text.</summary>
    public int CompareTo(DecimalText other)
    {
        if (_spelling || other._spelling)
            return _text.SequenceCompareTo(other._text);
        var sign = Sign;
        if (sign != other.Sign)
            return sign.CompareTo(other.Sign);
        if (sign == 0)
            return 0;
        var magnitude = _power != other._power ? _power.CompareTo(other._power) : CompareDigits(other);
        return sign * magnitude;
    }

    public ulong Hash()
    {
        if (_spelling)
            return HashMix.Bytes(_text);
        var hash = HashMix.Add((ulong)_power, _negative ? 1UL : 0UL);
        foreach (var digit in _digits)
        {
            if (digit != '.')
                hash = HashMix.Add(hash, digit);
        }
        return hash;
    }

    /// <summary>One canonical text per value: sign, digits, and the power of the first digit.</summary>
    public string Canonical()
    {
        if (_spelling)
            return Encoding.ASCII.GetString(_text);
        return IsZero ? "0" : $"{(_negative ? "-" : "")}{Plain()}e{_power.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>
    /// Whether |a - b| is at most <paramref name="max"/>, times the greater of |a| and |b| if
    /// <paramref name="relative"/>. False for numbers with more than 1,000 digits.
    /// </summary>
    public static bool Within(DecimalText a, DecimalText b, decimal max, bool relative)
    {
        if (!TryRead(Encoding.ASCII.GetBytes(max.ToString(CultureInfo.InvariantCulture)), out var tolerance))
            return false;
        if (a._spelling || b._spelling)
            return false;
        long scale = Math.Min(Math.Min(a.Scale, b.Scale), tolerance.Scale),
            highest = Math.Max(Math.Max(a._power, b._power), tolerance._power);
        if (highest - scale > MaxDigits)
            return false;
        BigInteger left = a.Scaled(scale),
            right = b.Scaled(scale),
            distance = BigInteger.Abs(left - right);
        if (!relative)
            return distance <= tolerance.Scaled(scale);
        // tolerance is t·10^s: distance ≤ t·10^s·greater
        var shift = tolerance.Scale;
        var allowed = tolerance.Scaled(shift) * BigInteger.Max(BigInteger.Abs(left), BigInteger.Abs(right));
        return shift < 0
            ? distance * BigInteger.Pow(10, (int)-shift) <= allowed
            : distance <= allowed * BigInteger.Pow(10, (int)shift);
    }

    private int Sign =>
        IsZero ? 0
        : _negative ? -1
        : 1;

    private int SignificantDigits => _digits.Length - (_digits.Contains((byte)'.') ? 1 : 0);

    /// <summary>The power of the last digit.</summary>
    private long Scale => IsZero ? 0 : _power - SignificantDigits + 1;

    private BigInteger Scaled(long scale)
    {
        if (IsZero)
            return BigInteger.Zero;
        var value = BigInteger.Parse(Plain(), CultureInfo.InvariantCulture) * BigInteger.Pow(10, (int)(Scale - scale));
        return _negative ? -value : value;
    }

    private string Plain() => Encoding.ASCII.GetString(_digits).Replace(".", "", StringComparison.Ordinal);

    /// <summary>As fractions with a common point.</summary>
    private int CompareDigits(DecimalText other)
    {
        int left = 0,
            right = 0;
        while (true)
        {
            if (left < _digits.Length && _digits[left] == '.')
                left++;
            if (right < other._digits.Length && other._digits[right] == '.')
                right++;
            var one = left < _digits.Length;
            var two = right < other._digits.Length;
            if (!one || !two)
                return one.CompareTo(two);
            if (_digits[left] != other._digits[right])
                return _digits[left].CompareTo(other._digits[right]);
            left++;
            right++;
        }
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }
}
