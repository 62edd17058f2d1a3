using System.Globalization;
using System.Text;

namespace Strangler.CdcBridge.Secrets;

/// <summary>
/// A file of Java's properties: a name and a value a line, with <c>=</c>, <c>:</c> or a space between them. A backslash
/// begins an escape, or continues the line in the next one; <c>#</c> and <c>!</c> begin a comment.
/// </summary>
internal static class PropertiesFile
{
    /// <returns>The properties. One that is written twice has its last value, as in Java.</returns>
    /// <exception cref="FormatException">An escape is malformed; the message names the line.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, number) in LogicalLines(text))
        {
            var end = EndOfName(line);
            var value = SkipSpace(line, end);
            if (value < line.Length && line[value] is '=' or ':')
                value = SkipSpace(line, value + 1);
            properties[Unescape(line[..end], number)] = Unescape(line[value..], number);
        }
        return properties;
    }

    /// <summary>Lines that continue others are joined; comments and empty lines are left out.</summary>
    private static IEnumerable<(string Text, int Number)> LogicalLines(string text)
    {
        var lines = text.ReplaceLineEndingsOfJava().Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart(' ', '\t', '\f');
            if (line.Length == 0 || line[0] is '#' or '!')
                continue;
            var (number, logical) = (i + 1, new StringBuilder());
            while (Continues(line))
            {
                logical.Append(line, 0, line.Length - 1);
                line = ++i < lines.Length ? lines[i].TrimStart(' ', '\t', '\f') : "";
            }
            logical.Append(line);
            if (logical.Length > 0)
                yield return (logical.ToString(), number);
        }
    }

    private static string ReplaceLineEndingsOfJava(this string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>Whether it ends with an odd number of backslashes.</summary>
    private static bool Continues(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static int EndOfName(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
                i++;
            else if (line[i] is '=' or ':' or ' ' or '\t' or '\f')
                return i;
        }
        return line.Length;
    }

    private static int SkipSpace(string line, int at)
    {
        while (at < line.Length && line[at] is ' ' or '\t' or '\f')
            at++;
        return at;
    }

    private static string Unescape(string text, int line)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || ++i == text.Length)
            {
                if (i < text.Length)
                    result.Append(text[i]);
                continue;
            }
            if (text[i] == 'u')
            {
                result.Append(CodeUnit(text, i + 1, line));
                i += 4;
            }
            else
                result.Append(
                    text[i] switch
                    {
                        't' => '\t',
                        'n' => '\n',
                        'r' => '\r',
                        'f' => '\f',
                        var other => other,
                    }
                );
        }
        return result.ToString();
    }

    private static char CodeUnit(string text, int at, int line) =>
        at + 4 <= text.Length
        && ushort.TryParse(
            text.AsSpan(at, 4),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var unit
        )
            ? (char)unit
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"line {line} has '\\u' without four hexadecimal digits")
            );
}
