using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Strangler.Foundation.Patterns;

/// <summary>
/// A regular expression of Java in .NET's words, with its capturing groups. Java counts groups in the order in which
/// they open; .NET counts those without a name first.
/// </summary>
internal sealed class JavaTranslation
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

    private readonly List<string> _groups = [];
    private readonly StringBuilder _text;
    private readonly string _expression;
    private int _unnamed;

    /// <exception cref="ArgumentException">It uses what .NET doesn't have.</exception>
    public JavaTranslation(string expression)
    {
        (_expression, _text) = (expression, new StringBuilder(expression.Length + 8));
        var depth = 0; // of brackets
        var isQuantified = false;
        for (var i = 0; i < expression.Length; i++)
        {
            var c = expression[i];
            var wasQuantified = isQuantified;
            isQuantified = false;
            if (c == '\\')
                i = TranslateEscape(i, depth > 0);
            else if (depth > 0)
                TranslateInBrackets(i, ref depth);
            else if (c == '[')
            {
                depth = 1;
                _text.Append('[');
            }
            else if (c == '.')
                _text.Append($"[^{LineEnds}]");
            else if (c == '+' && wasQuantified)
                throw Unable("a possessive quantifier");
            else
            {
                if (c == '(')
                    AddGroup(i + 1);
                isQuantified = c is '*' or '+' or '?' or '}';
                _text.Append(c);
            }
        }
    }

    /// <summary>The expression.</summary>
    public string Text => _text.ToString();

    /// <summary>The name under which .NET has each group, in Java's order: its own, or its number.</summary>
    public IReadOnlyList<string> Groups => _groups;

    private void AddGroup(int at)
    {
        var rest = _expression.AsSpan(at);
        if (!rest.StartsWith("?"))
            _groups.Add((++_unnamed).ToString(CultureInfo.InvariantCulture));
        else if (rest.StartsWith("?<") && rest.Length > 2 && char.IsAsciiLetter(rest[2]))
            _groups.Add(
                rest.IndexOf('>') is > 0 and var end
                    ? rest[2..end].ToString()
                    : throw new ArgumentException("The name of a group has no end.", nameof(at))
            );
    }

    private void TranslateInBrackets(int at, ref int depth)
    {
        var c = _expression[at];
        if (c == '[')
            throw Unable("a class of characters within another");
        if (c == '&' && at + 1 < _expression.Length && _expression[at + 1] == '&')
            throw Unable("an intersection of classes");
        if (c == ']')
            depth--;
        // .NET reads '-[' as a subtraction, and that can't occur here
        _text.Append(c);
    }

    /// <returns>Where the escape ends.</returns>
    private int TranslateEscape(int at, bool bracketed)
    {
        if (at + 1 == _expression.Length)
            throw new ArgumentException("It ends with a backslash.", nameof(at));
        var c = _expression[at + 1];
        if (c is >= '1' and <= '9' && !bracketed)
            return TranslateReference(at);
        if (c == 'Q')
        {
            var end = _expression.IndexOf(@"\E", at + 2, StringComparison.Ordinal);
            var quoted = end < 0 ? _expression[(at + 2)..] : _expression[(at + 2)..end];
            _text.Append(Regex.Escape(quoted).Replace("]", @"\]", StringComparison.Ordinal));
            return end < 0 ? _expression.Length - 1 : end + 1;
        }
        if (c is 'p' or 'P')
            return TranslateProperty(at, bracketed);
        var name = char.ToLowerInvariant(c).ToString();
        if (Classes.TryGetValue(name, out var members))
        {
            if (bracketed && char.IsUpper(c))
                throw Unable($@"\{c} within brackets");
            _text.Append(
                bracketed ? members
                : char.IsUpper(c) ? $"[^{members}]"
                : $"[{members}]"
            );
            return at + 1;
        }
        if (c is 'R' or 'X' or 'N')
            throw Unable($@"\{c}");
        _text.Append('\\').Append(c);
        return at + 1;
    }

    /// <summary>A group's number, which has as many digits as there are groups for.</summary>
    private int TranslateReference(int at)
    {
        var (number, end) = (_expression[at + 1] - '0', at + 1);
        while (
            end + 1 < _expression.Length
            && char.IsAsciiDigit(_expression[end + 1])
            && number * 10 + (_expression[end + 1] - '0') is var longer
            && longer <= _groups.Count
        )
            (number, end) = (longer, end + 1);
        if (number > _groups.Count)
            throw Unable("a reference to a group that doesn't come before it");
        _text.Append(CultureInfo.InvariantCulture, $@"\k<{_groups[number - 1]}>");
        return end;
    }

    /// <summary><c>\p{…}</c> and <c>\pL</c>.</summary>
    private int TranslateProperty(int at, bool bracketed)
    {
        var start = at + 2;
        var end =
            start < _expression.Length && _expression[start] == '{'
                ? _expression.IndexOf('}', start)
                : Math.Min(start, _expression.Length - 1);
        if (end < start)
            throw new ArgumentException(@"\p has no name in braces.", nameof(at));
        var name = _expression[start..(end + 1)].Trim('{', '}');
        var denies = _expression[at + 1] == 'P';
        if (Classes.TryGetValue($"p{{{name}}}", out var members))
        {
            if (bracketed && denies)
                throw Unable(@"\P within brackets");
            _text.Append(
                bracketed ? members
                : denies ? $"[^{members}]"
                : $"[{members}]"
            );
        }
        else
        {
            var category = name.StartsWith("Is", StringComparison.Ordinal) && name.Length <= 4 ? name[2..] : name;
            _text.Append('\\').Append(_expression[at + 1]).Append('{').Append(category).Append('}');
        }
        return end;
    }

    private static ArgumentException Unable(string what) =>
        new($"It has {what}, which can't be translated from Java.", nameof(what));
}
