using System.Text;
using System.Text.Json;
using CsCheck;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Rules;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class BodyMaskerTests
{
    private const string Secret = "SECRET";
    private static readonly ComparisonRules Rules = new()
    {
        Mask = Sides.Paths("$..name"),
        HashValues = Sides.Paths("$..mail"),
        HashKey = "a key of this test"u8.ToArray(),
    };

    [Fact]
    public void Apply_Body_HidesValuesAndNothingElse()
    {
        var masked = Apply(
            """{ "name":{"first":"SECRET"}, "l":[{"mail":"a"},{"mail":"\u0061"},{"mail":"b"},{"mail":1}"""
                + """,{"mail":1.0}],"x": 1 }"""
        );

        var hashes = JsonDocument
            .Parse(masked!)
            .RootElement.GetProperty("l")
            .EnumerateArray()
            .Select(item => item.GetProperty("mail").GetString()!)
            .ToArray();
        Assert.StartsWith("""{ "name":"***", "l":[{"mail":"#""", masked, StringComparison.Ordinal);
        Assert.EndsWith(""""x": 1 }"""", masked, StringComparison.Ordinal);
        Assert.Equal((hashes[0], hashes[3]), (hashes[1], hashes[4]));
        Assert.Equal(3, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches(@"\A#[0-9a-f]{16}\z", hash));
        Assert.NotEqual(
            masked,
            Encoding.UTF8.GetString(
                BodyMasker
                    .Apply(
                        Encoding.UTF8.GetBytes("""{"l":[{"mail":"a"}]}"""),
                        Rules with
                        {
                            HashKey = "another key"u8.ToArray(),
                        }
                    )!
                    .Value.Span
            )
        );
    }

    [Fact]
    public void Apply_WhatIsNoJson_IsNotKeptWhereSomethingIsHidden()
    {
        Assert.Null(Apply("SECRET"));
        Assert.Equal(
            "SECRET",
            Encoding.UTF8.GetString(
                BodyMasker.Apply(Encoding.UTF8.GetBytes("SECRET"), ComparisonRules.Exact)!.Value.Span
            )
        );
    }

    [Fact]
    public void Compare_HiddenValues_NeverLeave() =>
        Gen.Select(Gen.Int, Gen.Int[1, 4])
            .Sample(
                (seed, depth) =>
                {
                    var random = new Random(seed);
                    string one = Planted(random, depth).Write(random),
                        two = Planted(random, depth).Write(random);

                    foreach (var rules in new[] { Rules, Rules with { AnyOrder = Sides.Paths("$..*") } })
                    {
                        var compared = Sides.Compare(one, two, rules);
                        Assert.DoesNotContain(
                            compared.Differences,
                            difference => $"{difference}".Contains(Secret, StringComparison.Ordinal)
                        );
                    }
                    Assert.DoesNotContain(Secret, Apply(one), StringComparison.Ordinal);
                },
                iter: 1000
            );

    [Fact]
    public void Compare_HiddenObject_IsOneDifferenceThatShowsNothingOfIt()
    {
        var rules = new ComparisonRules { Mask = Sides.Paths("$.customer") };

        var compared = Sides.Compare(
            """{"customer":{"email":"SECRET1","tags":["SECRET2"]},"qty":1}""",
            """{"customer":{"email":"other","tags":[]},"qty":1}""",
            rules
        );

        var difference = Assert.Single(compared.Differences);
        Assert.Equal(
            (DifferenceKind.Value, "$.customer", "\"***\"", "\"***\""),
            (difference.Kind, difference.Path, difference.Legacy, difference.Lookup)
        );
    }

    [Fact]
    public void Apply_Part_IsHiddenByPathsOfTheWholeAnswer()
    {
        var rules = new ComparisonRules
        {
            Mask = Sides.Paths("$.items[*].name"),
            Parts = new PartsRule(Sides.Paths("$.items[*]")[0], Sides.Paths("$.sku")[0]),
        };
        var answer = Sides.Json("""{"items":[{"sku":"1","name":"SECRET"}]}""");

        var part = Assert.Single(Assert.IsType<AnswerSplit.Parts>(AnswerSplitter.Split(answer, rules)).Items);

        Assert.Equal(
            """{"sku":"1","name":"***"}""",
            Encoding.UTF8.GetString(BodyMasker.Apply(part, rules)!.Value.Span)
        );
    }

    [Fact]
    public void Compare_OtherContentWhereSomethingIsHidden_ShowsLengthsOnly()
    {
        var compared = Comparer.Compare(
            Sides.Other("text/plain", "SECRET"u8.ToArray()),
            Sides.Other("text/plain", "SECRET!"u8.ToArray()),
            Rules
        );

        Assert.Equal([new Difference(DifferenceKind.Body, "body", "body", "6 bytes", "7 bytes")], compared.Differences);
    }

    private static string? Apply(string body) =>
        BodyMasker.Apply(Encoding.UTF8.GetBytes(body), Rules) is { } masked
            ? Encoding.UTF8.GetString(masked.Span)
            : null;

    /// <summary>Random JSON with members to hide at random places, and the secret only in them.</summary>
    private static Json Planted(Random random, int depth)
    {
        Json.Obj Hiding(Json below) =>
            new([
                (random.Next(2) == 0 ? "name" : "mail", new Json.Str($"{Secret}{random.Next(9)}")),
                ("x", below),
                ("y", new Json.Num(random.Next(9), 0)),
            ]);
        var json = (Json)Hiding(Json.Random(random, depth));
        foreach (
            var place in json.Places().Where(place => place.Value is Json.Null).Select(place => place.Path).ToArray()
        )
            json = json.With(place, _ => Hiding(new Json.Null()));
        return json;
    }
}
