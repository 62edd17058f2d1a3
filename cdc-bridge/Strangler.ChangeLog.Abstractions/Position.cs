using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Strangler.ChangeLog;

/// <summary>
/// A place in the total order of one source's changes: the epoch, the start of the commit record (pgoutput's final
/// LSN), and the ordinal within the transaction. Row LSNs are neither monotone across transactions nor unique, so they
/// can't define an order. Written as <c>epoch:lsn:ordinal</c>, such as <c>1:16/B374D848:0</c>; the end of a transaction
/// is <c>1:16/B374D848:end</c>.
/// </summary>
[JsonConverter(typeof(ParsableJsonConverter<Position>))]
public readonly record struct Position(int Epoch, Lsn Commit, int Ordinal) : IComparable<Position>, IParsable<Position>
{
    private const string EndWord = "end";

    /// <summary>Before everything.</summary>
    public static readonly Position Start;

    /// <summary>After the last record of the transaction that commits at <paramref name="commit"/>.</summary>
    public static Position EndOf(int epoch, Lsn commit) => new(epoch, commit, int.MaxValue);

    /// <summary>
    /// Whether this is the end of a transaction, so that everything up to here is a state that the source had.
    /// </summary>
    public bool IsEnd => Ordinal == int.MaxValue;

    /// <summary>
    /// The LSN before which this position has every commit: the end of a transaction has its own commit, too.
    /// </summary>
    public Lsn Reach => IsEnd ? new Lsn(Commit.Value + 1) : Commit;

    public int CompareTo(Position other)
    {
        var byEpoch = Epoch.CompareTo(other.Epoch);
        if (byEpoch != 0)
            return byEpoch;
        var byCommit = Commit.CompareTo(other.Commit);
        return byCommit != 0 ? byCommit : Ordinal.CompareTo(other.Ordinal);
    }

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Epoch}:{Commit}:{(IsEnd ? EndWord : Ordinal.ToString(CultureInfo.InvariantCulture))}"
        );

    /// <exception cref="FormatException">The text is not of the form <c>epoch:lsn:ordinal</c>.</exception>
    public static Position Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var position)
            ? position
            : throw new FormatException($"'{s}' is not a position, such as '1:16/B374D848:0' or '1:16/B374D848:end'.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Position result)
    {
        result = default;
        if (s?.Split(':') is not [var epochText, var commitText, var ordinalText])
            return false;
        if (
            !int.TryParse(epochText, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !Lsn.TryParse(commitText, provider, out var commit)
        )
            return false;
        var ordinal = int.MaxValue;
        if (
            ordinalText != EndWord
            && !int.TryParse(ordinalText, NumberStyles.None, CultureInfo.InvariantCulture, out ordinal)
        )
            return false;
        result = new Position(epoch, commit, ordinal);
        return true;
    }
}
