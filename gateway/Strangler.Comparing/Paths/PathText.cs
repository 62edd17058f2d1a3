using System.Globalization;
using System.Text;

namespace Strangler.Comparing.Paths;

/// <summary>
/// Writes RFC 9535's normalized paths (section 2.7), with names in shorthand where the shorthand allows them (2.5.1.1).
/// </summary>
internal static class PathText
{
    public static bool IsShorthandFirst(char character) =>
        char.IsAsciiLetter(character) || character == '_' || character >= 0x80;

    public static bool IsShorthand(char character) => IsShorthandFirst(character) || char.IsAsciiDigit(character);

    public static void AppendIndex(StringBuilder text, int index) =>
        text.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');

    /// <param name="text">The target.</param>
    /// <param name="name">The name; its lone surrogates are written as escapes so that the text can be stored.</param>
    /// <param name="max">The number of characters after which the name is cut with an ellipsis.</param>
    public static void AppendName(StringBuilder text, ReadOnlySpan<char> name, int max = int.MaxValue)
    {
        var cut = name.Length > max;
        if (cut)
            name = name[..(char.IsHighSurrogate(name[max - 1]) ? max - 1 : max)];
        if (!cut && AllowsShorthand(name))
        {
            text.Append('.').Append(name);
            return;
        }
        text.Append("['");
        for (var at = 0; at < name.Length; at++)
        {
            var character = name[at];
            if (character is '\'' or '\\')
                text.Append('\\').Append(character);
            else if (character < ' ')
                AppendControl(text, character);
            else if (char.IsHighSurrogate(character) && at + 1 < name.Length && char.IsLowSurrogate(name[at + 1]))
                text.Append(character).Append(name[++at]);
            else if (char.IsSurrogate(character))
                AppendEscape(text, character);
            else
                text.Append(character);
        }
        text.Append(cut ? "…']" : "']");
    }

    private static bool AllowsShorthand(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !IsShorthandFirst(name[0]))
            return false;
        foreach (var character in name)
        {
            if (!IsShorthand(character) || char.IsSurrogate(character))
                return false;
        }
        return true;
    }

    private static void AppendControl(StringBuilder text, char character)
    {
        switch (character)
        {
            case '\b':
                text.Append("\\b");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\f':
                text.Append("\\f");
                break;
            case '\r':
                text.Append("\\r");
                break;
            default:
                AppendEscape(text, character);
                break;
        }
    }

    private static void AppendEscape(StringBuilder text, char character) =>
        text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
}
