using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The documentation explains each word of a report.</summary>
public sealed partial class ReasonTests
{
    private const string Page = "docs/comparing.md";
    private static readonly string[] Projects = [Rooms.Comparing, Rooms.Evidence, Rooms.Gateway];

    [Theory]
    [InlineData("Doubt")]
    [InlineData("WrongCause")]
    [InlineData("IncomparableReason")]
    [InlineData("DropReason")]
    [InlineData("DifferenceKind")]
    public void Page_ReasonsOfAReport_AreAllExplained(string type) =>
        Assert.Empty(Unexplained(type, MarkdownFile.Read(Page)));

    [Theory]
    [InlineData(
        "| Cause |\n|-|\n| `projection` |\n| `engine` |\n| `behind` |\n| `request` |\n| `undeclared-dependency` |",
        "ahead"
    )]
    public void Unexplained_ReasonLeftOut_IsFound(string text, string found) =>
        Assert.Equal([found], Unexplained("WrongCause", new(Page, text)));

    private static IEnumerable<string> Unexplained(string type, MarkdownFile page)
    {
        var reasons = Projects
            .SelectMany(project => Assembly.Load(project).GetTypes())
            .Single(one => one.IsEnum && one.Name == type);
        return Enum.GetNames(reasons)
            .Select(name => Capital().Replace(name, "-$0").ToLowerInvariant())
            .Except(page.Rows.Select(row => row.Cells[0].Trim('`')));
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
