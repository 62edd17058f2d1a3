using System.Text;
using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// A regular expression as Java reads it, and as Debezium uses it: it matches a whole name. Where the two languages
/// mean different things by the same text, it is translated; what .NET can't express is an error.
/// </summary>
internal static class JavaPattern
{
    private const string LineEnds = @"\n\r\u0085\u2028\u2029";

    /// <summary>What stands for a class of characters, inside brackets.</summary>
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["d"] = "0-9",
        ["w"] = "a-zA-Z_0-9",
        ["s"] = @" \t\n\x0B\f\r",
        ["h"] = @" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
        ["v"] = @"\n\x0B\f\r\x85\u2028\u2029",
        ["p{Lower}"] = "a-z",
        ["p{Upper}"] = "A-Z",
        ["p{Alpha}"] = "a-zA-Z",
        ["p{Digit}"] = "0-9",
        ["p{Alnum}"] = "a-zA-Z0-9",
        ["p{Punct}"] = @"!-/:-@\[-`{-~",
        ["p{Graph}"] = "!-~",
        ["p{Print}"] = " -~",
        ["p{Blank}"] = @" \t",
        ["p{Cntrl}"] = @"\x00-\x1F\x7F",
        ["p{XDigit}"] = "0-9a-fA-F",
        ["p{Space}"] = @" \t\n\x0B\f\r",
        ["p{ASCII}"] = @"\x00-\x7F",
        ["p{IsAlphabetic}"] = @"\p{L}\p{Nl}",
        ["p{IsDigit}"] = @"\p{Nd}",
    };

    /// <exception cref="ArgumentException">It is not a regular expression, or one that .NET can't express.</exception>
    public static Regex Compile(string expression, bool ignoreCase = true) =>
        new(
            $@"\A(?:{Translate(expression)})\z",
            RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None),
            TimeSpan.FromSeconds(1)
        );

    /// <exception cref="ArgumentException">It uses what .NET doesn't have.</exception>
    internal static string Translate(string expression)
    {
        var result = new StringBuilder(expression.Length + 8);
        var depth = 0; // of brackets
        var isQuantified = false;
        for (var i = 0; i < expression.Length; i++)
        {
            var c = expression[i];
            var wasQuantified = isQuantified;
            isQuantified = false;
            if (c == '\\')
                i = TranslateEscape(expression, i, depth > 0, result);
            else if (depth > 0)
                i = TranslateInBrackets(expression, i, ref depth, result);
            else if (c == '[')
            {
                depth = 1;
                result.Append('[');
            }
            else if (c == '.')
                result.Append($"[^{LineEnds}]");
            else if (c == '+' && wasQuantified)
                throw Unable("a possessive quantifier", expression);
            else
            {
                isQuantified = c is '*' or '+' or '?' or '}';
                result.Append(c);
            }
        }
        return result.ToString();
    }

    private static int TranslateInBrackets(string expression, int at, ref int depth, StringBuilder result)
    {
        var c = expression[at];
        if (c == '[')
            throw Unable("a class of characters within another", expression);
        if (c == '&' && at + 1 < expression.Length && expression[at + 1] == '&')
            throw Unable("an intersection of classes", expression);
        if (c == ']')
            depth--;
        // .NET reads '-[' as a subtraction, and that can't occur here
        result.Append(c);
        return at;
    }

    private static int TranslateEscape(string expression, int at, bool bracketed, StringBuilder result)
    {
        if (at + 1 == expression.Length)
            throw new ArgumentException("It ends with a backslash.", nameof(expression));
        var c = expression[at + 1];
        if (c == 'Q')
        {
            var end = expression.IndexOf(@"\E", at + 2, StringComparison.Ordinal);
            var quoted = end < 0 ? expression[(at + 2)..] : expression[(at + 2)..end];
            result.Append(Regex.Escape(quoted).Replace("]", @"\]", StringComparison.Ordinal));
            return end < 0 ? expression.Length - 1 : end + 1;
        }
        if (c is 'p' or 'P')
            return TranslateProperty(expression, at, bracketed, result);
        var name = char.ToLowerInvariant(c).ToString();
        if (Classes.TryGetValue(name, out var members))
        {
            if (bracketed && char.IsUpper(c))
                throw Unable($@"\{c} within brackets", expression);
            result.Append(
                bracketed ? members
                : char.IsUpper(c) ? $"[^{members}]"
                : $"[{members}]"
            );
            return at + 1;
        }
        if (c is 'R' or 'X' or 'N')
            throw Unable($@"\{c}", expression);
        result.Append('\\').Append(c);
        return at + 1;
    }

    /// <summary><c>\p{…}</c> and <c>\pL</c>.</summary>
    private static int TranslateProperty(string expression, int at, bool bracketed, StringBuilder result)
    {
        var start = at + 2;
        var end =
            start < expression.Length && expression[start] == '{'
                ? expression.IndexOf('}', start)
                : Math.Min(start, expression.Length - 1);
        if (end < start)
            throw new ArgumentException(@"\p has no name in braces.", nameof(expression));
        var name = expression[start..(end + 1)].Trim('{', '}');
        var denies = expression[at + 1] == 'P';
        if (Classes.TryGetValue($"p{{{name}}}", out var members))
        {
            if (bracketed && denies)
                throw Unable(@"\P within brackets", expression);
            result.Append(
                bracketed ? members
                : denies ? $"[^{members}]"
                : $"[{members}]"
            );
        }
        else
        {
            var category = name.StartsWith("Is", StringComparison.Ordinal) && name.Length <= 4 ? name[2..] : name;
            result.Append('\\').Append(expression[at + 1]).Append('{').Append(category).Append('}');
        }
        return end;
    }

    private static ArgumentException Unable(string what, string expression) =>
        new($"It has {what}, which can't be translated from Java.", nameof(expression));
}
