using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>
/// <c>docs/operations.md</c> quotes what an operator reads. The text between two <c>…</c> must occur in a string of the
/// source, whatever the values of the <c>…</c> are.
/// </summary>
public sealed partial class OperationsTests
{
    private const string Document = "docs/operations.md";
    private const int ReadColumn = 2;

    /// <summary>A shorter part proves nothing.</summary>
    private const int MinPart = 6;

    [Fact]
    public void Operations_QuotedSentence_IsTheSources()
    {
        var source = Source();
        var sentences = Sentences(File.ReadLines(Repository.Full(Document))).ToList();

        Assert.True(sentences.Count > 90, $"Only {sentences.Count} sentences are quoted.");
        Assert.Equal(
            [],
            sentences.SelectMany(sentence =>
                Parts(sentence)
                    .Where(part => !source.Contains(part, StringComparison.Ordinal))
                    .Select(part => $"'{part}' of: {sentence}")
            )
        );
        Assert.DoesNotContain(sentences, sentence => !Parts(sentence).Any());
    }

    [Theory]
    [InlineData("| a | b | reason `stale`; `The store … away.` | `not this` |", "The store … away.")]
    [InlineData("| a | b | `slot '…': It went.` or `Gateway:Urls: It is taken.` | c |", "It went.", "It is taken.")]
    [InlineData("Outside of a table `nothing is quoted`.")]
    public void Sentences_Line_AreTheQuotedOnesOfItsReadColumn(string line, params string[] sentences) =>
        Assert.Equal(sentences, Sentences([line]));

    [Fact]
    public void Strings_PiecesAndHoles_AreOneTextWithGaps() =>
        Assert.Equal(
            "var text = \"The store {name} is away; ask \"it\".\";",
            Joined("var text = \"The store {name} \"\n        + $\"is away; \" +\n $\"ask \\\"it\\\".\";")
        );

    private static string Source() =>
        string.Join(
            '\n',
            Repository
                .Files.Where(file =>
                    file.EndsWith(".cs", StringComparison.Ordinal)
                    && !file.StartsWith("tests/", StringComparison.Ordinal)
                )
                .Select(file => Joined(File.ReadAllText(Repository.Full(file))))
        );

    /// <summary>Quotations in the column of messages; a configuration path before a fault is not checked.</summary>
    private static IEnumerable<string> Sentences(IEnumerable<string> lines) =>
        lines
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(cells => cells.Length > ReadColumn)
            .SelectMany(cells => Quoted().Matches(cells[ReadColumn]))
            .Select(match => FaultPath().Replace(match.Groups[1].Value, ""))
            .Where(text => text.Contains(' ', StringComparison.Ordinal));

    private static IEnumerable<string> Parts(string sentence) =>
        sentence.Split('…').Select(part => part.Trim()).Where(part => part.Length >= MinPart);

    /// <summary>A text that is composed of several literals, as one.</summary>
    private static string Joined(string code) =>
        Seam().Replace(code, "").Replace("\\\"", "\"", StringComparison.Ordinal);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(slot '…'|[A-Za-z]+(:[A-Za-z0-9.]+)*): ")]
    private static partial Regex FaultPath();

    [GeneratedRegex("""(?<!\\)"\s*\+\s*\$?"(?!"")""")]
    private static partial Regex Seam();
}
