using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Strangler.Foundation.Patterns;

/// <summary>
/// The text that replaces a match in Java (<c>Matcher.replaceFirst</c>): <c>$1</c> and <c>${name}</c> stand for groups,
/// a backslash takes the next character as it is.
/// </summary>
public sealed class JavaReplacement
{
    /// <summary>Literal text, or a group's .NET name.</summary>
    private readonly List<(string? Literal, string? Group)> _parts = [];

    private JavaReplacement() { }

    /// <summary>Reads a replacement.</summary>
    /// <param name="replacement">The text.</param>
    /// <param name="pattern">The pattern whose groups it names.</param>
    /// <exception cref="ArgumentException">It is malformed, or the pattern has no such group.</exception>
    public static JavaReplacement Parse(string replacement, JavaPattern pattern)
    {
        var groups = pattern.Groups;
        var result = new JavaReplacement();
        var literal = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            switch (replacement[i])
            {
                case '\\' when i + 1 < replacement.Length:
                    literal.Append(replacement[++i]);
                    break;
                case '\\':
                    throw new ArgumentException("It ends with a backslash.", nameof(replacement));
                case '$':
                    result._parts.Add((literal.ToString(), null));
                    literal.Clear();
                    result._parts.Add((null, Group(replacement, ref i, groups)));
                    break;
                case var code:
                    literal.Append(code);
                    break;
            }
        }
        result._parts.Add((literal.ToString(), null));
        return result;
    }

    /// <summary>The text for a match. A group that took no part is empty.</summary>
    internal string Of(Match match) =>
        string.Concat(_parts.Select(part => part.Literal ?? match.Groups[part.Group!].Value));

    /// <summary>Reads a reference; <paramref name="at"/> goes from its dollar sign to its last character.</summary>
    private static string Group(string text, ref int at, IReadOnlyList<string> groups)
    {
        if (at + 1 < text.Length && text[at + 1] == '{')
        {
            var end = text.IndexOf('}', at);
            if (end < 0)
                throw new ArgumentException("A name after '${' has no end.", nameof(text));
            var name = text[(at + 2)..end];
            at = end;
            return groups.Contains(name)
                ? name
                : throw new ArgumentException($"There is no group named '{name}'.", nameof(text));
        }
        // As many digits as there is a group for.
        var number = -1;
        while (at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
        {
            var longer = Math.Max(number, 0) * 10 + (text[at + 1] - '0');
            if (number >= 0 && longer > groups.Count)
                break;
            (number, at) = (longer, at + 1);
        }
        if (number < 0)
            throw new ArgumentException("A dollar sign is followed by no group.", nameof(text));
        if (number > groups.Count)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"There is no group {number}."),
                nameof(text)
            );
        return number == 0 ? "0" : groups[number - 1];
    }
}
