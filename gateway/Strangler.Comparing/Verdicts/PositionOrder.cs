using System.Globalization;

namespace Strangler.Comparing.Verdicts;

/// <summary>
/// The order of positions as projections write them (<c>epoch:lsn:ordinal</c>, the LSN in PostgreSQL's form, <c>end</c>
/// after every ordinal). Text in another form comes first.
/// </summary>
internal sealed class PositionOrder : IComparer<string?>
{
    public static readonly PositionOrder Instance = new();

    private PositionOrder() { }

    public int Compare(string? x, string? y) => Read(x).CompareTo(Read(y));

    private static (int Epoch, ulong Commit, int Ordinal) Read(string? text)
    {
        if (
            text?.Split(':') is not [var epoch, var commit, var ordinal]
            || commit.Split('/') is not [var high, var low]
        )
            return default;
        if (!int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e))
            return default;
        if (
            !uint.TryParse(high, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var h)
            || !uint.TryParse(low, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var l)
        )
            return default;
        var o = int.MaxValue;
        if (ordinal != "end" && !int.TryParse(ordinal, NumberStyles.None, CultureInfo.InvariantCulture, out o))
            return default;
        return (e, ((ulong)h << 32) | l, o);
    }
}
