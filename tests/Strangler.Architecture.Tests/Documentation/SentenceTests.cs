using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>
/// A page has one sentence per line: a changed sentence is a changed line, and nothing is wrapped by hand.
/// </summary>
public sealed partial class SentenceTests
{
    public static TheoryData<string> Pages => [.. MarkdownFile.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Prose_HasASentenceALine(string path) => Assert.Empty(Faults(MarkdownFile.Read(path)));

    [Theory]
    [InlineData("A line is wrapped\nby hand.", "docs/planted.md:1: the sentence continues in the next line")]
    [InlineData("- An item is wrapped\n  by hand.", "docs/planted.md:1: the sentence continues in the next line")]
    [InlineData("Wrapped before `code`,\n`more` of it.", "docs/planted.md:1: the sentence continues in the next line")]
    [InlineData("One. Two.", "docs/planted.md:1: another sentence begins")]
    [InlineData("1. **One.** `Two` follows.", "docs/planted.md:1: another sentence begins")]
    [InlineData("- One (or two.) Three.", "docs/planted.md:1: another sentence begins")]
    public void Faults_PlantedOffender_IsFound(string text, string found) =>
        Assert.Equal([found], Faults(new("docs/planted.md", text)));

    [Theory]
    [InlineData("# No. One\n\nOne.\nTwo:\n- an item without an end\n- another. \n\nThree `a. B` and e.g. this.")]
    [InlineData("| One. Two. | wrapped |\n|-|-|\n| row | of a table |")]
    [InlineData("    One. Two\n    as code.\n\n```\nOne. Two\n```")]
    [InlineData("It ends with `a line.`\nAnother follows.")]
    [InlineData("1. **One.**\n   Two (see `Three`).\n   Four?\n2. Five")]
    public void Faults_PlantedInnocent_IsLeftAlone(string text) => Assert.Empty(Faults(new("docs/planted.md", text)));

    private static IEnumerable<string> Faults(MarkdownFile page)
    {
        foreach (var paragraph in page.Paragraphs)
        {
            foreach (var (line, text) in paragraph.SkipLast(1).Where(line => !End().IsMatch(line.Text)))
                yield return $"{page.Path}:{line}: the sentence continues in the next line";
            foreach (var (line, text) in paragraph.Where(line => Another().IsMatch(line.Text)))
                yield return $"{page.Path}:{line}: another sentence begins";
        }
    }

    [GeneratedRegex("""[.:;!?…][)*_"”\]]*$""")]
    private static partial Regex End();

    [GeneratedRegex("""(?<!\be\.g|\bi\.e|\bNo)[.!?][)*_"”]* +[(*_"“]*\p{Lu}""")]
    private static partial Regex Another();
}
