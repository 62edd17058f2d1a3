using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Strangler.ChangeLog;

/// <summary>
/// A byte position in the write-ahead log of one PostgreSQL cluster, in PostgreSQL's notation: <c>16/B374D848</c>.
/// </summary>
public readonly record struct Lsn(ulong Value) : IComparable<Lsn>, IParsable<Lsn>
{
    public static readonly Lsn Zero;

    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;

    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;

    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;

    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;

    /// <summary>
    /// The point just before this one. Records of the write-ahead log are aligned to 8 bytes, so no commit is ever at
    /// that point. A snapshot exported at C, and the knowledge that everything before C has been sent, are placed there
    /// without colliding with anything.
    /// </summary>
    public Lsn JustBefore => new(Value - 1);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value >> 32:X}/{Value & 0xFFFFFFFF:X}");

    /// <exception cref="FormatException">
    /// The text is not two hexadecimal numbers of at most 8 digits, separated by a slash.
    /// </exception>
    public static Lsn Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var lsn)
            ? lsn
            : throw new FormatException($"'{s}' is not a position in a write-ahead log, such as '16/B374D848'.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Lsn result)
    {
        result = default;
        if (s?.Split('/') is not [{ Length: >= 1 and <= 8 } high, { Length: >= 1 and <= 8 } low])
            return false;
        if (
            !uint.TryParse(high, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var h)
            || !uint.TryParse(low, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var l)
        )
            return false;
        result = new Lsn(((ulong)h << 32) | l);
        return true;
    }
}
