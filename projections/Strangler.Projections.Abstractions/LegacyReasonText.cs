using System.Text;

namespace Strangler.Projections;

/// <summary>How a projection's reason to ask legacy is written: one short line, so that it can be counted.</summary>
internal static class LegacyReasonText
{
    /// <summary>The longest reason, in UTF-16 code units; a longer one is cut.</summary>
    public const int MaxLength = 64;

    /// <summary>The reason without surrounding spaces and control characters, cut to the longest.</summary>
    /// <exception cref="ArgumentException">Nothing is left of it.</exception>
    public static string Of(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var text = new StringBuilder();
        foreach (var rune in reason.Trim().EnumerateRunes()) // a lone surrogate becomes U+FFFD
        {
            if (text.Length + rune.Utf16SequenceLength > MaxLength)
                break;
            text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        var said = text.ToString().Trim();
        return said.Length > 0
            ? said
            : throw new ArgumentException("Say in a few words why legacy must be asked.", nameof(reason));
    }
}
