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
        Assert.True(Words(page).Count(row => row.Code("Type").Length > 0) > 40);
        Assert.Empty(Faults(page));
    }

    [Theory]
    [InlineData("| bracket | One. | `NoSuchType` |", "'bracket' names 'NoSuchType', which no assembly declares")]
    [InlineData("| match | One. | `Verdict.Equal` |", "'match' names 'Verdict.Equal', which no assembly declares")]
    [InlineData("| miss | One. | |\n| hop count | One. | |", "'hop count' stands behind 'miss'")]
    [InlineData("| miss | One. | |\n| Miss | One. | |", "'Miss' occurs twice")]
    [InlineData("| miss | One. Two. Three. | |", "'miss' takes 3 sentences")]
    [InlineData("| miss | | |", "'miss' takes 0 sentences")]
    [InlineData("| gate | One. | |", "'gate' names no type, and 'Gate' is one")]
    [InlineData("| change log | One. | |", "'change log' names no type, and 'IChangeLog' is one")]
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
                yield return $"'{word}' occurs twice";
            if (order < 0)
                yield return $"'{word}' stands behind '{before}'";
            var isDeclared = type.Length == 0 || ProductTypes.All.Contains(type);
            if (!isDeclared)
                yield return $"'{word}' names '{type}', which no assembly declares";
            if (type.Length == 0 && SameName(word) is { } same)
                yield return $"'{word}' names no type, and '{same}' is one";
            if (sentences is not (1 or 2))
                yield return $"'{word}' takes {sentences} sentences";
            before = word;
        }
    }

    /// <summary>The type that has the word as its name, with or without the 'I' of an interface.</summary>
    private static string? SameName(string word)
    {
        var name = string.Concat(
            word.Split(' ', '-').Select(part => part.Length == 0 ? "" : char.ToUpperInvariant(part[0]) + part[1..])
        );
        return new[] { name, $"I{name}" }.FirstOrDefault(ProductTypes.WithoutSample.Contains);
    }

    /// <summary>A sentence ends with a full stop before a capital letter, or with the text.</summary>
    private static int Sentences(string text) => text.Length == 0 ? 0 : 1 + SentenceEnd().Count(text);

    [GeneratedRegex(@"\. (?=\p{Lu})")]
    private static partial Regex SentenceEnd();
}
