using System.Text;

namespace Strangler.Evidence;

/// <summary>
/// How enumeration members are written in the store and in reports: <c>WatermarkLate</c> is <c>watermark-late</c>.
/// </summary>
internal static class EnumText
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Cache<TEnum>.Texts.TryGetValue(value, out var text)
            ? text
            : throw new ArgumentOutOfRangeException(nameof(value), value, "It is not a case of its enumeration.");

    /// <summary>Replaces characters that a store or a terminal can't handle, and cuts text that is too long.</summary>
    public static string Clean(string text, int max)
    {
        var bare = text.Length <= max;
        for (var i = 0; bare && i < text.Length; i++)
            bare = text[i] != '\0' && !char.IsSurrogate(text[i]);
        if (bare)
            return text;
        var clean = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate becomes U+FFFD
        {
            if (clean.Length + rune.Utf16SequenceLength > max - 1 && text.Length > max)
                return clean.Append('…').ToString();
            clean.Append(rune.Value == 0 ? "\uFFFD" : rune.ToString());
        }
        return clean.ToString();
    }

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    private static class Cache<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> Texts = Enum.GetValues<TEnum>()
            .ToDictionary(value => value, value => Kebab(value.ToString()));
    }
}
