using System.Text.RegularExpressions;

namespace Strangler.Cli.Up;

/// <summary>
/// Finds the errors among a part's log lines, as <see cref="ConsoleLoggerFactory"/> writes them. Pure.
/// </summary>
internal static partial class ErrorLine
{
    public const int MaxLength = 1_000;
    private const string Frame = "   at ";

    /// <summary>
    /// The text of a line with level Error or Critical: no time, no category, no stack trace; cut after
    /// <see cref="MaxLength"/> characters. Null for every other line.
    /// </summary>
    public static string? TextOf(string line)
    {
        var head = Head().Match(line);
        if (!head.Success)
            return null;
        var text = line[head.Length..];
        if (text.IndexOf(Frame, StringComparison.Ordinal) is >= 0 and var trace)
            text = text[..trace];
        return TextCut.At(MaxLength, text.Trim());
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (?:fail|crit): [^\[ ]+\[-?\d+\] ", RegexOptions.CultureInvariant)]
    private static partial Regex Head();
}
