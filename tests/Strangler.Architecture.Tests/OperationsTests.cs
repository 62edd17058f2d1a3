using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>
/// <c>docs/operations.md</c> quotes what an operator reads. The text between two <c>…</c> must occur in a string of the
/// source, whatever the values of the <c>…</c> are. The other way round, each error of the log is on the page.
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

    [Theory]
    [InlineData(
        "var text = \"The store {name} \"\n    + $\"is away; \" +\n $\"ask it.\";",
        "var text = \"The store {name} is away; ask it.\";"
    )]
    [InlineData("Say(\"ask \\\"it\\\".\"); // \"not this\"", "Say(\"ask \"it\".\"); ")]
    [InlineData("var store = \"is\" /* \"is not\" */ + \" away\";", "var store = \"is away\";")]
    [InlineData("Say('\"', \"it\"); // not this", "Say('\"', \"it\"); ")]
    [InlineData("Say(\"http://127.0.0.1\");", "Say(\"http://127.0.0.1\");")]
    [InlineData("Say($\"It {(is ? \"is\" : \"was\")} // one\");", "Say($\"It {(is ? \"is\" : \"was\")} // one\");")]
    public void Text_Code_IsWithoutCommentsAndSeams(string code, string text) => Assert.Equal(text, Text(code));

    /// <summary>What an operator searches for in the log.</summary>
    [Fact]
    public void Operations_ErrorOfTheLog_IsQuoted()
    {
        var errors = Errors(Sources().Select(File.ReadAllText)).ToList();
        var page = File.ReadAllText(Repository.Full(Document));

        Assert.True(errors.Count > 15, $"Only {errors.Count} errors are found.");
        Assert.DoesNotContain(errors, part => !page.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[LoggerMessage(Level = LogLevel.Error, Message = \"It {Name} fell \"\n + \"over.\")]", "fell over.")]
    [InlineData("[LoggerMessage(Level = LogLevel.Information, Message = \"It stands.\")]", "")]
    public void Errors_PlantedMessage_IsFound(string code, string found) =>
        Assert.Equal(found, string.Join('|', Errors([code])));

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
            .Matches(Joined(WithoutComments(code)))
            .Select(match => Hole().Split(match.Groups["text"].Value).MaxBy(part => part.Length)!.Trim())
            .Where(part => !page.Contains(part, StringComparison.Ordinal));

    private static string Source() => string.Join('\n', Sources().Select(file => Text(File.ReadAllText(file))));

    private static IEnumerable<string> Sources() =>
        Repository
            .Files.Where(file =>
                file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal)
            )
            .Select(Repository.Full);

    /// <summary>Code without its comments, in which a text that is composed of several literals is one text.</summary>
    private static string Text(string code) =>
        Joined(WithoutComments(code)).Replace("\\\"", "\"", StringComparison.Ordinal);

    private static string WithoutComments(string code) =>
        Token().Replace(code, token => token.Groups["comment"].Success ? "" : token.Value);

    /// <summary>The longest part of each message without a value.</summary>
    private static IEnumerable<string> Errors(IEnumerable<string> sources) =>
        from code in sources
        from Match message in LoggedError().Matches(Joined(WithoutComments(code)))
        let text = message.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal)
        select Hole().Split(text).MaxBy(part => part.Length)!.Trim();

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
    private static string Joined(string code) => Seam().Replace(code, "");

    /// <summary>A comment, a character, or a text.</summary>
    [GeneratedRegex(
        """"
            (?<comment>//[^\n]*|/\*[\s\S]*?\*/)
            |'(?:\\.|[^'\\\n])+'
            |"""[\s\S]*?"""
            |"(?:\\.|[^"\\\n])*"
            """",
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Token();

    [GeneratedRegex(
        """\[LoggerMessage\([^\]]*?LogLevel\.(?:Error|Critical),\s*Message = "(?<text>(?:\\.|[^"\\])*)""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex LoggedError();

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
