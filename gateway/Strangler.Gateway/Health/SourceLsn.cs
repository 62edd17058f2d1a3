using System.Globalization;

namespace Strangler.Gateway.Health;

/// <summary>A place in the source's write-ahead log, as PostgreSQL writes it: <c>16/B374D848</c>.</summary>
internal readonly record struct SourceLsn(ulong Value)
{
    /// <exception cref="FormatException">The text is not an LSN.</exception>
    public static SourceLsn Parse(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0)
            throw new FormatException($"'{text}' is not an LSN.");
        var high = uint.Parse(text[..slash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var low = uint.Parse(text[(slash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new SourceLsn(((ulong)high << 32) | low);
    }

    /// <summary>
    /// The place before which a position includes everything. A position that is an end includes its commit too.
    /// </summary>
    /// <param name="position">A position's text: <c>1:16/B374D848:end</c>.</param>
    /// <exception cref="FormatException">The text is not a position.</exception>
    public static SourceLsn ReachOf(string position)
    {
        if (position.Split(':') is not [_, var commit, var ordinal])
            throw new FormatException($"'{position}' is not a position.");
        var lsn = Parse(commit);
        return ordinal == "end" ? new SourceLsn(lsn.Value + 1) : lsn;
    }
}
