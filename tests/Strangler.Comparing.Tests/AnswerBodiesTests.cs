using System.IO.Compression;
using System.Text;
using CsCheck;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;
using Strangler.Projections;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class AnswerBodiesTests
{
    private const string Text = """{"items":[{"sku":"A-1","qty":3},{"sku":"A-2","qty":4}]}""";

    private static readonly string[] Codings = ["gzip", "br", "deflate", "raw deflate", "identity"];

    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    [InlineData("deflate,gzip,br")]
    public void Compare_CompressedAgainstPlain_IsBlindToIt(string codings)
    {
        var compressed = Encode(Encoding.UTF8.GetBytes(Text), codings);

        Assert.True(Comparer.Compare(compressed, Sides.Json(Text), ComparisonRules.Exact).Equal);
        Assert.True(
            Comparer
                .Compare(
                    Sides.Json(Text.Replace(":", ": ", StringComparison.Ordinal)),
                    compressed,
                    ComparisonRules.Exact
                )
                .Equal
        );
        Assert.Equal(
            "$.items[1].qty",
            Assert
                .Single(
                    Comparer
                        .Compare(
                            compressed,
                            Sides.Json(Text.Replace("4", "5", StringComparison.Ordinal)),
                            ComparisonRules.Exact
                        )
                        .Differences
                )
                .Path
        );
    }

    /// <summary>
    /// However legacy compressed an answer: it equals the plain answer, and a planted difference is found in it.
    /// </summary>
    [Fact]
    public void Compare_AnyAnswerInAnyCodings_IsBlindToThem() =>
        Gen.Select(Gen.Int, Gen.Int[0, 4])
            .Sample(
                dice =>
                {
                    var random = new Random(dice.Item1);
                    var json = Json.Random(random, dice.Item2);
                    var codings = string.Join(
                        ", ",
                        Enumerable
                            .Range(0, random.Next(3))
                            .Select(_ => Codings[random.Next(Codings.Length)])
                            .DefaultIfEmpty("identity")
                    );
                    var sent = Encode(Encoding.UTF8.GetBytes(json.Write(random)), codings);
                    var planted = Planted.In(json, random);
                    return Comparer.Compare(sent, Sides.Json(json.Write(random)), ComparisonRules.Exact).Equal
                        && !Comparer
                            .Compare(sent, Sides.Json(planted.Changed.Write(random)), ComparisonRules.Exact)
                            .Equal;
                },
                iter: 2000
            );

    [Fact]
    public void Decode_BeyondItsBounds_SaysWhich()
    {
        var bomb = Encode(new byte[4 << 20], "gzip");
        var twice = Encode(bomb.Body.ToArray(), "gzip") with
        {
            Headers = [new("Content-Encoding", "gzip"), new("Content-Encoding", "gzip")],
        };

        Assert.Equal(UnreadableReason.Ratio, AnswerBodies.Decode(bomb, ComparisonRules.Exact).Incomparable);
        Assert.Equal(UnreadableReason.Ratio, AnswerBodies.Decode(twice, ComparisonRules.Exact).Incomparable);
        Assert.Equal(
            UnreadableReason.TooLarge,
            AnswerBodies.Decode(bomb, new ComparisonRules { MaxRatio = 10_000 }).Incomparable
        );
        Assert.Equal(
            4 << 20,
            AnswerBodies.Decode(bomb, new ComparisonRules { MaxRatio = 10_000, MaxBodyBytes = 4 << 20 }).Bytes.Length
        );
        Assert.Equal(
            UnreadableReason.TooLarge,
            AnswerBodies.Decode(Sides.Json(Text), new ComparisonRules { MaxBodyBytes = 10 }).Incomparable
        );
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip,gzip,gzip,gzip,gzip")]
    public void Decode_UnknownOrBroken_SaysSo(string codings) =>
        Assert.Equal(
            UnreadableReason.Encoding,
            AnswerBodies
                .Decode(
                    Sides.Other(
                        "application/json",
                        [0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
                        ("Content-Encoding", codings)
                    ),
                    ComparisonRules.Exact
                )
                .Incomparable
        );

    private static Answer Encode(byte[] body, string codings)
    {
        foreach (var coding in codings.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries))
        {
            using var written = new MemoryStream();
            using (
                Stream stream = coding switch
                {
                    "gzip" or "x-gzip" => new GZipStream(written, CompressionLevel.Optimal, leaveOpen: true),
                    "br" => new BrotliStream(written, CompressionLevel.Fastest, leaveOpen: true),
                    "deflate" => new ZLibStream(written, CompressionLevel.Optimal, leaveOpen: true),
                    "raw deflate" => new DeflateStream(written, CompressionLevel.Optimal, leaveOpen: true),
                    _ => new BufferedStream(written),
                }
            )
            {
                if (coding == "identity")
                    continue;
                stream.Write(body);
            }
            body = written.ToArray();
        }
        return Sides.Other(
            "application/json; charset=utf-8",
            body,
            ("Content-Encoding", codings.Replace("raw ", "", StringComparison.Ordinal))
        );
    }
}
