using Strangler.Evidence.Gates;
using Xunit;

namespace Strangler.Evidence.Tests.Gates;

/// <summary>What each stage means, row by row.</summary>
public sealed class StageTraitsTests
{
    private static readonly string[] Words =
    [
        "lookup answers",
        "compared",
        "uses lookup",
        "needs source",
        "gated",
        "rechecked",
        "falls back",
    ];

    [Theory]
    [InlineData(Stage.Legacy, "legacy", "")]
    [InlineData(Stage.Shadow, "shadow", "compared, uses lookup, needs source")]
    [InlineData(Stage.Lookup, "lookup", "lookup answers, uses lookup, gated, rechecked, falls back")]
    public void Of_Stage_IsItsRow(Stage stage, string text, string means)
    {
        var traits = stage.Traits();

        bool[] flags =
        [
            traits.LookupAnswers,
            traits.IsCompared,
            traits.UsesLookup,
            traits.NeedsSource,
            traits.IsGated,
            traits.IsRechecked,
            traits.FallsBack,
        ];
        Assert.Equal(means, string.Join(", ", Words.Zip(flags).Where(flag => flag.Second).Select(flag => flag.First)));
        Assert.Equal(text, stage.Text());
    }

    [Fact]
    public void Stages_All_AreTheEnumerationInOrderAndEachIsReadAsItIsWritten()
    {
        Assert.Equal(Enum.GetValues<Stage>(), StageTraits.Stages);
        Assert.All(StageTraits.Stages, stage => Assert.Equal(stage, StageTraits.Parse(stage.Text())));
        Assert.Equal("'legacy', 'shadow' and 'lookup'", StageText.All);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Lookup")]
    [InlineData("2")]
    [InlineData("lookup ")]
    public void Parse_AnythingElse_IsNoStage(string? text) => Assert.Null(StageTraits.Parse(text));

    [Fact]
    public void Of_NumberBeyondTheStages_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StageTraits.Of((Stage)99));
}
