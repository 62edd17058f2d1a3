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

    private static readonly string[] OfParts =
    [
        "cdc-bridge/Strangler.CdcBridge/Schema/SourceChecks.cs",
        "projections/Strangler.Projections/Mirror/HistoryPartitions.cs",
        "projections/Strangler.Projections/Rebuilding/StoreOpener.cs",
        "projections/Strangler.Projections/Storing/Checkpoint.cs",
        "projections/Strangler.Projections/Storing/LogStart.cs",
    ];

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

    /// <summary>Faults that stop a part, or prevent its first start, are on the page.</summary>
    [Fact]
    public void Operations_FaultThatStopsAPart_IsQuoted() =>
        Assert.Empty(
            OfParts.SelectMany(path =>
                Unquoted(File.ReadAllText(Repository.Full(path)), File.ReadAllText(Repository.Full(Document)))
            )
        );

    [Fact]
    public void Unquoted_PlantedFault_IsFound() =>
        Assert.Equal(["The shop is closed."], Unquoted("new Fault(path, \"The shop is closed.\", \"Open it.\")", ""));

    private static IEnumerable<string> Unquoted(string code, string page) =>
        Problem()
            .Matches(Joined(code))
            .Select(match => Hole().Split(match.Groups["text"].Value).MaxBy(part => part.Length)!.Trim())
            .Where(part => !page.Contains(part, StringComparison.Ordinal));

    private static string Source() =>
        string.Join(
            '\n',
            Repository
                .Files.Where(file =>
                    file.EndsWith(".cs", StringComparison.Ordinal)
                    && !file.StartsWith("tests/", StringComparison.Ordinal)
                )
                .Select(file => Joined(string.Join('\n', File.ReadLines(Repository.Full(file)).Where(IsCode))))
        );

    private static bool IsCode(string line) => !line.TrimStart().StartsWith("//", StringComparison.Ordinal);

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

    [GeneratedRegex("""\bnew(?: Fault)?\(\s*(?:\$?"[^"]*"|[\w.]+),\s*\$?"(?<text>[^"]+)"\s*,""")]
    private static partial Regex Problem();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(slot '…'|[A-Za-z]+(:[A-Za-z0-9.]+)*): ")]
    private static partial Regex FaultPath();

    [GeneratedRegex("""(?<!\\)"\s*\+\s*\$?"(?!"")""")]
    private static partial Regex Seam();
}
