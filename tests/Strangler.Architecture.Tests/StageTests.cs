using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>
/// What a stage means stands in one table: the product sets stages by name, and asks the table of them, but never
/// compares them.
/// </summary>
public sealed partial class StageTests
{
    [Fact]
    public void ProductCode_NeverComparesAStageByName() =>
        Assert.Empty(
            from path in Repository.Files
            where path.EndsWith(".cs", StringComparison.Ordinal)
            where !path.StartsWith("tests/", StringComparison.Ordinal)
            let text = File.ReadAllText(Repository.Full(path))
            from match in Comparison.Matches(text)
            select $"{path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}"
        );

    [Theory]
    [InlineData("if (stage == Stage.Lookup)", true)]
    [InlineData("if (Stage.Lookup != stage)", true)]
    [InlineData("Stage.Shadow => ShadowAsync(context, route),", true)]
    [InlineData("Stage.Lookup when route.Model.Lookup is { } lookup => 1,", true)]
    [InlineData("case Stage.Legacy:", true)]
    [InlineData("known is { Stage: Stage.Lookup }", true)]
    [InlineData("stage is not Stage.Legacy", true)]
    [InlineData("stage is\n    Stage.Lookup", true)]
    [InlineData("stage.Equals(Stage.Lookup)", true)]
    [InlineData("stage.Text() == \"lookup\"", true)]
    [InlineData("return Stage.Legacy;", false)]
    [InlineData("model.Lookup is null ? Stage.Legacy : stages.StageOf(model.RouteId)", false)]
    [InlineData("(Stage.Shadow, new() { Text = \"shadow\" }),", false)]
    public void Comparison_PlantedLine_IsFound(string line, bool found) =>
        Assert.Equal(found, Comparison.IsMatch(line));

    [GeneratedRegex(
        @"([=!]=\s*|\bis\s+(not\s+)?|\bor\s+|\bcase\s+|\{\s*Stage:\s*)Stage\.[A-Z]\w+"
            + @"|\bStage\.[A-Z]\w+(\s*[=!]=|\s*=>|\s+when\s|\s+or\s)|\.Equals\(Stage\.[A-Z]\w+"
            + @"|\b[Ss]tage\.Text\(\)\s*[=!]="
    )]
    private static partial Regex Comparison { get; }
}
