using System.Text;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class AnswerSplitterTests
{
    private static readonly ComparisonRules Rules = new()
    {
        Parts = new PartsRule(PathPattern.Parse("$.r.items[*]"), PathPattern.Parse("$.k.sku")),
        Ignore = Sides.Paths("$.r.items[*].at"),
        KeyedBy = [new KeyedArray(PathPattern.Parse("$.r.items"), PathPattern.Parse("$.k.sku"))],
        Mask = Sides.Paths("$.r.items[*].secret"),
    };

    [Fact]
    public void Split_Parts_LeavesAFrameWithTheKeys()
    {
        var split = Split(
            """{"n":2,"r":{"items":[ {"k":{"sku":"A\u0041"},"qty":1}, {"qty":2,"k":{"sku":7}} ]},"z":0}"""
        );

        Assert.Equal(
            [("AA", 0, """{"k":{"sku":"A\u0041"},"qty":1}"""), ("7", 1, """{"qty":2,"k":{"sku":7}}""")],
            split.Items.Select(part => (part.Key, part.Index, Encoding.UTF8.GetString(part.Answer.Body.Span)))
        );
        Assert.Equal(
            """{"n":2,"r":{"items":[ {"k":{"sku":"A\u0041"}}, {"k":{"sku":7}} ]},"z":0}""",
            Encoding.UTF8.GetString(split.Frame.Body.Span)
        );
    }

    [Fact]
    public void Compare_Parts_HaveTheRulesAndPathsOfTheWhole()
    {
        var legacy = Split("""{"r":{"items":[{"k":{"sku":"A"},"at":1,"qty":1},{"k":{"sku":"B"},"qty":2}]}}""");
        var lookup = Split(
            """{"r":{"items":[{"k":{"sku":"B"},"qty":3,"secret":"s"},{"k":{"sku":"A"},"at":2,"qty":1}]}}"""
        );

        var one = Comparer.Compare(legacy.Items[0], lookup.Items[1], Rules);
        var two = Comparer.Compare(legacy.Items[1], lookup.Items[0], Rules);

        Assert.True(one.Equal);
        Assert.Equal(["$.r.items[*].at Ignore $.r.items[*].at 1"], one.Ignored());
        Assert.Equal(
            [
                new(DifferenceKind.Value, "$.r.items[1].qty", "$.r.items[*].qty", "2", "3"),
                new Difference(DifferenceKind.Extra, "$.r.items[1].secret", "$.r.items[*].secret", null, "\"***\""),
            ],
            two.Differences
        );
        Assert.True(Comparer.Compare(legacy.Frame, lookup.Frame, Rules).Equal);
        Assert.Equal(
            ["Order $.r.items"],
            Comparer
                .Compare(legacy.Frame, lookup.Frame, Rules with { KeyedBy = [] })
                .Differences.Select(difference => $"{difference.Kind} {difference.Path}")
        );
        Assert.Equal(
            ["Missing $.r.items[1]"],
            Comparer
                .Compare(legacy.Items[1], null, Rules)
                .Differences.Select(difference => $"{difference.Kind} {difference.Path}")
        );
        Assert.Equal(
            ["Extra $.r.items[0]"],
            Comparer
                .Compare(null, lookup.Items[0], Rules)
                .Differences.Select(difference => $"{difference.Kind} {difference.Path}")
        );
    }

    [Theory]
    [InlineData("""{"r":{"items":[{"k":{"sku":"A"}},{"k":{"sku":"A"}}]}}""", 200, "twice")]
    [InlineData("""{"r":{"items":[{"k":{"sku":null}}]}}""", 200, "no key")]
    [InlineData("""{"r":{"items":[1]}}""", 200, "no key")]
    [InlineData("""{"r":{"items":{}}}""", 200, "no array")]
    [InlineData("[]", 200, "no array")]
    [InlineData("{", 200, "NotJson")]
    [InlineData("""{"r":{"items":[]}}""", 404, "404")]
    public void Split_WhatIsNotMadeOfParts_IsAWholeAndSaysWhy(string body, int status, string why) =>
        Assert.Contains(
            why,
            Assert.IsType<AnswerSplit.Whole>(AnswerSplitter.Split(Sides.Json(body, status), Rules)).Why,
            StringComparison.Ordinal
        );

    private static AnswerSplit.Parts Split(string body) =>
        Assert.IsType<AnswerSplit.Parts>(AnswerSplitter.Split(Sides.Json(body), Rules));

    [Fact]
    public void Pieces_TwoPartsWhoseKeysAreOneToTheProjection_StayOneWhole()
    {
        var rules = new ComparisonRules
        {
            Parts = new PartsRule(PathPattern.Parse("$.items[*]"), PathPattern.Parse("$.sku")),
        };
        var answer = Sides.Json("""{"items":[{"sku":"7"},{"sku":"007"}]}""");

        Assert.False(new SplitAnswer(answer, rules, key => key.TrimStart('0')).Apart);
        Assert.True(new SplitAnswer(answer, rules, key => key).Apart);
    }
}
