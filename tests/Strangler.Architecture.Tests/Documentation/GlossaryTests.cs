using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

public sealed partial class GlossaryTests
{
    private const string Page = "docs/glossary.md";

    [Fact]
    public void Glossary_Words_AreSoundEntries()
    {
        var page = MarkdownFile.Read(Page);

        Assert.True(Words(page).Count() > 50);
        Assert.Empty(Faults(page));
    }

    [Theory]
    [InlineData("| bracket | One. | `NoSuchType` |", "'bracket' names 'NoSuchType', which no assembly declares")]
    [InlineData("| match | One. | `Verdict.Equal` |", "'match' names 'Verdict.Equal', which no assembly declares")]
    [InlineData("| gate | One. | |\n| bracket | One. | |", "'bracket' stands behind 'gate'")]
    [InlineData("| gate | One. | |\n| Gate | One. | |", "'Gate' stands there twice")]
    [InlineData("| gate | One. Two. Three. | |", "'gate' takes 3 sentences")]
    [InlineData("| gate | | |", "'gate' takes 0 sentences")]
    public void Faults_PlantedOffender_IsFound(string rows, string found) =>
        Assert.Equal([found], Faults(Planted(rows)));

    [Theory]
    [InlineData("| function | One, e.g. f. Two. | `IProjection` |\n| match | One. | `Verdict.Match` |")]
    public void Faults_PlantedInnocent_IsLeftAlone(string rows) => Assert.Empty(Faults(Planted(rows)));

    private static MarkdownFile Planted(string rows) => new(Page, $"| Word | Meaning | Type |\n|-|-|-|\n{rows}");

    private static IEnumerable<TableRow> Words(MarkdownFile page) => page.Rows.Where(row => row.Titles[0] == "Word");

    private static IEnumerable<string> Faults(MarkdownFile page)
    {
        var before = "";
        foreach (var row in Words(page))
        {
            var (word, type, sentences) = (row["Word"], row.Code("Type"), Sentences(row["Meaning"]));
            var order = StringComparer.OrdinalIgnoreCase.Compare(word, before);
            if (order == 0)
                yield return $"'{word}' stands there twice";
            if (order < 0)
                yield return $"'{word}' stands behind '{before}'";
            var isDeclared = type.Length == 0 || ProductTypes.All.Contains(type);
            if (!isDeclared)
                yield return $"'{word}' names '{type}', which no assembly declares";
            if (sentences is not (1 or 2))
                yield return $"'{word}' takes {sentences} sentences";
            before = word;
        }
    }

    /// <summary>A sentence ends with a full stop before a capital letter, or with the text.</summary>
    private static int Sentences(string text) => text.Length == 0 ? 0 : 1 + SentenceEnd().Count(text);

    [GeneratedRegex(@"\. (?=\p{Lu})")]
    private static partial Regex SentenceEnd();
}
