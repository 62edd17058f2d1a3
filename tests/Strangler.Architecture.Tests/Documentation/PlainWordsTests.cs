using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>
/// Comments, messages and pages are in plain modern English, in scripts and SQL too. These turns of phrase came back
/// most often.
/// </summary>
public sealed partial class PlainWordsTests
{
    [Fact]
    public void Text_OfTheProduct_HasNoOldTurnOfPhrase() =>
        Assert.Empty(
            from path in Repository.Files
            where IsRead(path)
            where !path.EndsWith("PlainWordsTests.cs", StringComparison.Ordinal)
            from line in File.ReadLines(Repository.Full(path)).Index()
            from Match found in Old.Matches(line.Item)
            select $"{path}:{line.Index + 1}: {found.Value}"
        );

    [Theory]
    [InlineData("a/B.cs", true)]
    [InlineData("compose/compose.yaml", true)]
    [InlineData("compose/store-rights.sql", true)]
    [InlineData("compose/check", true)]
    [InlineData("Directory.Build.props", true)]
    [InlineData("tests/A/Golden/changes.sql", false)]
    [InlineData("a/Migrations/001-log.sql", false)]
    [InlineData("docs/demo.svg", false)]
    public void IsRead_File_IsTold(string path, bool isRead) => Assert.Equal(isRead, IsRead(path));

    [Theory]
    [InlineData("The text is no LSN.", "is no LSN")]
    [InlineData("It has not the tables.", "has not the")]
    [InlineData("The tolerance says not how much.", "says not")]
    [InlineData("The file is not there.", "is not there")]
    [InlineData("It begins anew, for want of the file.", "anew|for want of")]
    [InlineData("Whoever asks is told in vain.", "Whoever|in vain")]
    [InlineData("It is mended, and hence shown.", "mended|hence")]
    public void Old_PlantedSentence_IsFound(string text, string found) =>
        Assert.Equal(found, string.Join('|', Old.Matches(text).Select(match => match.Value)));

    [Theory]
    [InlineData("It is no longer kept.")]
    [InlineData("The recommended key, amended, is no more than 63 characters.")]
    [InlineData("There is no room, which is no reason to fail.")]
    [InlineData("Whether it is enough is decided elsewhere, thence.")]
    public void Old_PlantedInnocent_IsLeftAlone(string text) => Assert.DoesNotMatch(Old, text);

    /// <summary>
    /// Scripts have no extension; what another program has written isn't ours, and a migration stays as it has run.
    /// </summary>
    private static bool IsRead(string path) =>
        Path.GetExtension(path)
            is ".cs"
                or ".md"
                or ".sql"
                or ".sh"
                or ".yaml"
                or ".yml"
                or ".json"
                or ".props"
                or ".csproj"
                or ""
        && !path.Contains("/Golden/", StringComparison.Ordinal)
        && !path.Contains("/Migrations/", StringComparison.Ordinal);

    [GeneratedRegex(
        @"\banew\b|\bhence\b|\b[Ww]hoever\b|\blest\b|\bfor want of\b|\bin vain\b|\b[Mm]end(s|ed|ing)?\b"
            + @"|\bhas not the\b|\bsays not\b|\b(is|are) not there\b"
            + @"|(?<![Tt]here )\bis no (?!longer|more|further|later|younger|earlier|other|reason|need|such|room)\w+"
    )]
    private static partial Regex Old { get; }
}
