using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>A comparison of an answer that is split into parts and frame.</summary>
public sealed class PartedRunTests : ComparisonRunBench
{
    [Fact]
    public async Task Run_WithParts_EachHasItsVerdictAndTheFrameItsOwn()
    {
        _moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(
                    FakeMoments.Key("1", ["""{"sku":1,"a":1}""", """{"sku":1,"a":2}"""]),
                    FakeMoments.Key("2", ["""{"sku":2,"a":1}"""]),
                    FakeMoments.Key("3", [null])
                )
            );
        const string Legacy = """{"items":[{"sku":1,"a":2},{"sku":2,"a":7}]}""";
        Answer(Legacy);
        var rules = new ComparisonRules
        {
            Parts = new PartsRule(PathPattern.Parse("$.items[*]"), PathPattern.Parse("$.sku")),
        };

        var judged = await RunAsync(Legacy, rules, "1", "2", "3");

        Assert.Equal(["", "1", "2", "3"], judged.Select(part => part.Unit ?? "").Order(StringComparer.Ordinal));
        Assert.Equal(new Verdict.Match(false, 1), judged.Single(part => part.Unit == "1").Verdict);
        Assert.Equal(
            "$.items[1].a",
            Assert
                .Single(Assert.IsType<Verdict.Wrong>(judged.Single(part => part.Unit == "2").Verdict).Differences)
                .Path
        );
        Assert.IsType<Verdict.Match>(judged.Single(part => part.Unit == "3").Verdict);
        Assert.IsType<Verdict.Match>(judged.Single(part => part.Unit is null).Verdict);
    }

    [Fact]
    public async Task Run_WrongPartOfWhichSomethingIsMasked_ShowsNothingOfIt()
    {
        _moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(
                    FakeMoments.Key("1", ["""{"sku":1,"name":"SECRET1","a":1}"""]),
                    FakeMoments.Key("2", ["""{"sku":2,"name":"SECRET2","a":1}"""])
                )
            );
        const string Legacy = """{"items":[{"sku":1,"name":"SECRET1","a":9},{"sku":2,"name":"SECRET3","a":1}]}""";
        Answer(Legacy);
        var rules = new ComparisonRules
        {
            Parts = new PartsRule(PathPattern.Parse("$.items[*]"), PathPattern.Parse("$.sku")),
            Mask = [PathPattern.Parse("$.items[*].name")],
        };

        var judged = await RunAsync(Legacy, rules, "1", "2");

        Assert.Equal(
            ["$.items[0].a", "$.items[1].name"],
            judged
                .Select(part => part.Verdict)
                .OfType<Verdict.Wrong>()
                .SelectMany(wrong => wrong.Differences)
                .Select(difference => difference.Path)
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            judged.Where(part => part.Legacy is not null),
            part => Assert.Equal(("***", "***"), (Name(part.Legacy!), Name(part.Lookup!)))
        );
        Assert.Equal(2, judged.Count(part => part.Legacy is not null));

        static string Name(Answer part) =>
            System.Text.Json.JsonElement.Parse(part.Body.Span).GetProperty("name").GetString()!;
    }
}
