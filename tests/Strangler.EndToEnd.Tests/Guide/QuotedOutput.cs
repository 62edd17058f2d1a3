using System.Text.RegularExpressions;

namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>
/// Compares a page's quotation of a command's output with the actual output. What differs between runs is masked on
/// both sides, and line breaks don't count.
/// </summary>
internal static partial class QuotedOutput
{
    private const string LeftOut = "…";

    /// <summary>The piece of the quotation that is missing from the output at its place; null: it matches.</summary>
    /// <param name="command">What was typed.</param>
    /// <param name="quoted">With <c>…</c> for any text.</param>
    /// <param name="output">The actual output.</param>
    public static string? Missing(string command, string quoted, string output)
    {
        var rest = Masked(command, output);
        var pieces = Masked(command, quoted).Split(LeftOut).Select(piece => piece.Trim()).ToList();
        for (var i = 0; i < pieces.Count; i++)
        {
            var at = rest.IndexOf(pieces[i], StringComparison.Ordinal);
            if (at < 0 || (i == 0 && at > 0))
                return pieces[i];
            rest = rest[(at + pieces[i].Length)..];
        }
        return pieces is [_, .., ""] || rest.Trim().Length == 0 ? null : $"its end, since more came: {rest}";
    }

    /// <summary>The first quoted line that is not among the lines, whose order doesn't matter; null: all are.</summary>
    public static string? MissingLine(string command, string quoted, IReadOnlyCollection<string> lines) =>
        quoted
            .Split('\n')
            .FirstOrDefault(line => line != LeftOut && lines.All(came => Missing(command, line, came) is not null));

    private static string Masked(string command, string text)
    {
        foreach (var (pattern, mask) in Varying)
            text = pattern.Replace(text, mask);
        if (command.StartsWith("strangler report", StringComparison.Ordinal))
            text = Matches().Replace(Known().Replace(Now().Replace(text, "$1 <any>"), "<number> $1"), "$1 <any>");
        return Space().Replace(text, " ").Trim();
    }

    private static readonly IReadOnlyList<(Regex Pattern, string Mask)> Varying =
    [
        (Time(), "<time>"),
        (Position(), "<position>"),
        (Hash(), "<hash>"),
        (ExampleId(), "<id>"),
        (Process(), "process <number>"),
        (Behind(), "<number> s behind"),
        (Cultures(), "Cultures: <name>."),
    ];

    [GeneratedRegex(@"\b(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\d\d:\d\d:\d\d\.\d{3})\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(\d+:)?[0-9A-F]+/[0-9A-F]+(:(\d+|end)\b)?")]
    private static partial Regex Position();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b[0-9A-HJKMNP-TV-Z]{12}\b")]
    private static partial Regex ExampleId();

    [GeneratedRegex(@"process \d+")]
    private static partial Regex Process();

    [GeneratedRegex(@"\d+\.\d s behind")]
    private static partial Regex Behind();

    [GeneratedRegex(@"Cultures: [^.]*\.")]
    private static partial Regex Cultures();

    /// <summary>Whether a sale happens during a comparison is chance.</summary>
    [GeneratedRegex(@"(match, quiet|match, with a commit)\s+\S+\s+\S+ %")]
    private static partial Regex Matches();

    /// <summary>Which books the page's traffic asks for is chance.</summary>
    [GeneratedRegex(@"\b\d[\d,]*\s+(distinct\s+versions|distinct\s+keys|more\s+don't|keys\s+were\s+named\s+once)\b")]
    private static partial Regex Known();

    /// <summary>So are the bound that follows from it, and the moment of the report.</summary>
    [GeneratedRegex(@"(\bAt\s+most|\bwith\s+this\s+evidence\s+for|\bdocuments\s+are)\s+[\d.]+\s+(%|s|minutes)")]
    private static partial Regex Now();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
