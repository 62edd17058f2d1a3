using System.Text;
using System.Text.RegularExpressions;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>A page of the documentation: its anchors, links, code and tables.</summary>
/// <param name="path">Relative to the repository's root.</param>
/// <param name="text">The file's content.</param>
internal sealed partial class MarkdownFile(string path, string text)
{
    private readonly IReadOnlyList<(int Number, string Text, bool IsCode)> _lines = [.. Classify(text)];

    public string Path => path;

    /// <summary>Every page of the repository.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [.. Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, heading) in Headings())
            {
                var slug = Slug(heading);
                var anchor = slug;
                for (var again = 1; !anchors.Add(anchor); again++)
                    anchor = $"{slug}-{again}";
            }
            return anchors;
        }
    }

    /// <summary>The targets of its links and images.</summary>
    public IEnumerable<(int Line, string Target)> Links =>
        from line in _lines
        where !line.IsCode
        from Match link in Link().Matches(CodeSpan().Replace(line.Text, ""))
        select (line.Number, link.Groups["target"].Value);

    /// <summary>Its code: each inline span, and each line of a block.</summary>
    public IEnumerable<(int Line, string Text)> Code =>
        _lines.SelectMany(line =>
            line.IsCode
                ? [(line.Number, line.Text.Trim())]
                : CodeSpan().Matches(line.Text).Select(span => (line.Number, span.Groups["code"].Value.Trim()))
        );

    /// <summary>Its paragraphs and list items, one per line, with a placeholder for code.</summary>
    public IEnumerable<IReadOnlyList<(int Line, string Text)>> Paragraphs
    {
        get
        {
            var paragraph = new List<(int, string)>();
            foreach (var (number, line, isCode) in _lines)
            {
                var isProse = !isCode && !string.IsNullOrWhiteSpace(line) && !NoProse().IsMatch(line);
                if (!isProse || Item().IsMatch(line))
                {
                    if (paragraph.Count > 0)
                        yield return paragraph;
                    paragraph = [];
                }
                if (isProse)
                    paragraph.Add((number, CodeSpan().Replace(Item().Replace(line, ""), Word).Trim()));
            }
            if (paragraph.Count > 0)
                yield return paragraph;
        }
    }

    /// <summary>The blocks of code of one language.</summary>
    public IEnumerable<string> Blocks(string language) =>
        from Match block in Fenced().Matches(text)
        where block.Groups["language"].Value == language
        select block.Groups["code"].Value;

    /// <summary>The rows of its tables, each with the heading above it and the table's first row.</summary>
    public IEnumerable<TableRow> Rows
    {
        get
        {
            var heading = "";
            IReadOnlyList<string>? titles = null;
            foreach (var (number, line, isCode) in _lines)
            {
                if (!isCode && Heading().Match(line) is { Success: true } found)
                    heading = found.Groups["text"].Value;
                if (isCode || !line.StartsWith('|'))
                {
                    titles = null;
                    continue;
                }
                var cells = Cells(line);
                if (titles is null)
                    titles = cells;
                else if (!IsRule(cells))
                    yield return new(number, heading, titles, cells);
            }
        }
    }

    public static MarkdownFile Read(string path) => new(path, File.ReadAllText(Repository.Full(path)));

    /// <summary>A placeholder for a span of code, which ends a sentence if the code does.</summary>
    private static string Word(Match span) => span.Groups["code"].Value.EndsWith('.') ? "Code." : "Code";

    private IEnumerable<(int Line, string Text)> Headings() =>
        from line in _lines
        where !line.IsCode
        let heading = Heading().Match(line.Text)
        where heading.Success
        select (line.Number, heading.Groups["text"].Value);

    /// <summary>Letters in lower case, digits, hyphens and underscores stay, and a space becomes a hyphen.</summary>
    private static string Slug(string heading)
    {
        var slug = new StringBuilder();
        foreach (var letter in Link().Replace(heading, match => match.Groups["text"].Value).Trim())
        {
            if (letter == ' ')
                slug.Append('-');
            else if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
                slug.Append(char.ToLowerInvariant(letter));
        }
        return slug.ToString();
    }

    /// <summary>The line of hyphens below the titles.</summary>
    private static bool IsRule(List<string> cells) => cells.All(cell => cell.Trim('-', ':').Length == 0);

    /// <summary>A pipe in code is escaped with a backslash.</summary>
    private static List<string> Cells(string line)
    {
        var cells = line.Trim();
        if (cells.EndsWith('|'))
            cells = cells[..^1];
        return [.. Bar().Split(cells[1..]).Select(cell => cell.Replace("\\|", "|", StringComparison.Ordinal).Trim())];
    }

    private static IEnumerable<(int Number, string Text, bool IsCode)> Classify(string text)
    {
        var (number, isFenced, wasBlank, wasIndented) = (0, false, true, false);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (isFence)
                isFenced = !isFenced;
            var isBlank = string.IsNullOrWhiteSpace(line);
            var isIndented = line.StartsWith("    ", StringComparison.Ordinal) && (wasBlank || wasIndented);
            if (!isFence)
                yield return (number, line, isFenced || isIndented);
            (wasBlank, wasIndented) = (isBlank, isIndented || (isBlank && wasIndented));
        }
    }

    [GeneratedRegex("^#{1,6} +(?<text>.*?) *#*$")]
    private static partial Regex Heading();

    [GeneratedRegex("""!?\[(?<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?<target>[^()\s]*)(?:\s+"[^"]*")?\)""")]
    private static partial Regex Link();

    [GeneratedRegex("(?<tick>`+)(?<code>.+?)(?<!`)\\k<tick>(?!`)")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^```(?<language>\\w*)\\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    /// <summary>A heading, a row of a table, a picture, a comment.</summary>
    [GeneratedRegex(@"^\s*(#|\||!\[|<)")]
    private static partial Regex NoProse();

    [GeneratedRegex(@"^\s*([-*+]|\d+\.)\s+")]
    private static partial Regex Item();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}

/// <summary>A row of a table.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Heading">The heading above it.</param>
/// <param name="Titles">The table's first row.</param>
/// <param name="Cells">Its content.</param>
internal sealed record TableRow(int Line, string Heading, IReadOnlyList<string> Titles, IReadOnlyList<string> Cells)
{
    /// <summary>The cell under a title; empty if it doesn't exist.</summary>
    public string this[string title] =>
        Titles.ToList().IndexOf(title) is >= 0 and var column && column < Cells.Count ? Cells[column] : "";

    /// <summary>The text of a cell that is one span of code.</summary>
    public string Code(string title) => this[title].Trim('`');
}
