using System.Text;
using CsCheck;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Projections;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class ComparerFuzzTests
{
    private static readonly string[] Types =
    [
        "application/json",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "text/plain",
        "text/plain; charset=x",
        "",
        ";;;=",
        "application/vnd.a+json;charset=",
    ];
    private static readonly string[] Codings = ["", "", "gzip", "br", "deflate", "gzip, br", "x"];

    private static readonly ComparisonRules Rules = new()
    {
        AnyOrder = Sides.Paths("$..a"),
        KeyedBy = [new KeyedArray(PathPattern.Parse("$..b"), PathPattern.Parse("$.a"))],
        Ignore = Sides.Paths("$..c", "$..[2]"),
        Mask = Sides.Paths("$..d"),
        HashValues = Sides.Paths("$..e"),
        HashKey = new byte[32],
        NullIsMissing = Sides.Paths("$..*"),
        IgnoreCase = Sides.Paths("$..*"),
        Tolerances =
        [
            new Tolerance.Absolute(PathPattern.Parse("$..*"), 1m),
            new Tolerance.Time(PathPattern.Parse("$..*"), TimeSpan.FromDays(1)),
        ],
        Text = OtherContent.Text,
        Headers = ["X"],
        Parts = new PartsRule(PathPattern.Parse("$[*]"), PathPattern.Parse("$.a")),
        MaxDepth = 5,
        MaxBodyBytes = 2000,
    };

    [Fact]
    public void Compare_AnyBytes_NeverThrows() =>
        Gen.Select(Gen.Int, Gen.Byte.Array[0, 200])
            .Sample(
                (seed, noise) =>
                {
                    var random = new Random(seed);
                    Answer one = Answer(random, noise),
                        two = Answer(random, noise);

                    foreach (var rules in new[] { ComparisonRules.Exact, Rules })
                    {
                        var compared = Comparer.Compare(one, two, rules);
                        Assert.True(
                            Comparer.Compare(one, one, rules)
                                is { Equal: true }
                                    or { Incomparable: UnreadableReason.TooLarge }
                        );
                        Assert.True(compared.SameFault(Comparer.Compare(one, two, rules)));
                        Assert.True(compared.Differences.Count <= 200);
                        _ = BodyMasker.Apply(one.Body, rules);
                        if (AnswerSplitter.Split(one, rules) is AnswerSplit.Parts split)
                            _ = split.Items.Select(part => Comparer.Compare(part, split.Items[0], rules)).ToList();
                        foreach (
                            var text in compared.Differences.SelectMany(difference =>
                                new[]
                                {
                                    difference.Path,
                                    difference.General,
                                    difference.Legacy ?? "",
                                    difference.Lookup ?? "",
                                }
                            )
                        )
                        {
                            // it can be stored
                            Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
                            Assert.DoesNotContain('\0', text);
                        }
                    }
                },
                iter: 5000
            );

    /// <summary>JSON with some bytes changed, or only noise.</summary>
    private static Answer Answer(Random random, byte[] noise)
    {
        var body = random.Next(4) == 0 ? [.. noise] : Encoding.UTF8.GetBytes(Json.Random(random, 4).Write(random));
        for (var change = random.Next(4); change > 0 && body.Length > 0; change--)
            body[random.Next(body.Length)] =
                random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0e-.\\u"[random.Next(13)];
        return Sides.Other(
            Types[random.Next(Types.Length)],
            body,
            ("Content-Encoding", Codings[random.Next(Codings.Length)])
        ) with
        {
            Status = random.Next(9) == 0 ? 404 : 200,
        };
    }
}
