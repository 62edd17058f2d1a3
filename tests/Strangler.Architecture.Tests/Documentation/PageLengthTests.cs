using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The first page is one screen or two, and a room's page is shorter.</summary>
public sealed class PageLengthTests
{
    private const int MaxReadme = 80;
    private const int MaxRoom = 60;

    public static TheoryData<string, int> Pages =>
        [("README.md", MaxReadme), .. MarkdownFile.Paths.Where(IsOfARoom).Select(path => (path, MaxRoom))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_OfARoom_IsShort(string path, int max) =>
        Assert.Null(TooLong(path, File.ReadAllLines(Repository.Full(path)).Length, max));

    [Theory]
    [InlineData(60, null)]
    [InlineData(61, "planted/README.md: 61 lines, where 60 are enough")]
    public void TooLong_PlantedPage_IsFound(int lines, string? found) =>
        Assert.Equal(found, TooLong("planted/README.md", lines, MaxRoom));

    /// <summary>A room's page, or one of its projects', but none of a recording.</summary>
    private static bool IsOfARoom(string path) =>
        path.EndsWith("/README.md", StringComparison.Ordinal)
        && Rooms.Folders.Contains(path.Split('/')[0])
        && !path.Contains("/Golden/", StringComparison.Ordinal);

    private static string? TooLong(string path, int lines, int max) =>
        lines > max ? $"{path}: {lines} lines, where {max} are enough" : null;
}
