using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

public sealed class LinkTests
{
    private static readonly string[] Elsewhere = ["https:", "http:", "mailto:"];

    public static TheoryData<string> Pages => [.. MarkdownFile.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_RelativeLinks_LeadSomewhere(string path) => Assert.Empty(Broken(MarkdownFile.Read(path)));

    [Theory]
    [InlineData("see [it](no-such-page.md)", "docs/planted.md:1: no-such-page.md")]
    [InlineData("## A `word`, and more\n[up](#a-word-and-more) [gone](#a-word)", "docs/planted.md:2: #a-word")]
    [InlineData("[rights](../README.md#no-such-heading)", "docs/planted.md:1: ../README.md#no-such-heading")]
    [InlineData("![`picture`](no-such.svg)", "docs/planted.md:1: no-such.svg")]
    [InlineData("[above](../../outside.md)", "docs/planted.md:1: ../../outside.md")]
    public void Broken_PlantedOffender_IsFound(string text, string found) =>
        Assert.Equal([found], Broken(new("docs/planted.md", text)));

    [Theory]
    [InlineData("[web](https://example.org/no-such-page.md) and [mail](mailto:a@example.org)")]
    [InlineData("`[code](no-such-page.md)`\n\n    [code](no-such-page.md)\n\n```\n[code](no-such-page.md)\n```")]
    [InlineData("## Twice\n## Twice\n[second](#twice-1) [page](../README.md) [folder](../docs) ![picture](demo.svg)")]
    public void Broken_PlantedInnocent_IsLeftAlone(string text) => Assert.Empty(Broken(new("docs/planted.md", text)));

    private static List<string> Broken(MarkdownFile page) =>
        [.. from link in page.Links where !Leads(page, link.Target) select $"{page.Path}:{link.Line}: {link.Target}"];

    private static bool Leads(MarkdownFile page, string target)
    {
        if (Elsewhere.Any(scheme => target.StartsWith(scheme, StringComparison.Ordinal)))
            return true;
        var (file, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        if (file.Length == 0)
            return anchor is null || page.Anchors.Contains(anchor);
        var full = Path.GetFullPath(Uri.UnescapeDataString(file), Path.GetDirectoryName(Repository.Full(page.Path))!);
        var path = Path.GetRelativePath(Repository.Root, full).Replace('\\', '/');
        if (path.StartsWith("..", StringComparison.Ordinal))
            return false;
        if (Repository.Files.Contains(path))
            return anchor is null || MarkdownFile.Read(path).Anchors.Contains(anchor);
        return anchor is null && Repository.Files.Any(other => other.StartsWith($"{path}/", StringComparison.Ordinal));
    }
}
