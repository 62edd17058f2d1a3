using System.Text;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Projections;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class ComparerTests
{
    [Theory]
    [InlineData(200, 404, DifferenceKind.Status)]
    [InlineData(403, 404, DifferenceKind.Status)]
    [InlineData(403, 200, DifferenceKind.Security)]
    [InlineData(401, 206, DifferenceKind.Security)]
    [InlineData(204, 401, DifferenceKind.Security)]
    public void Compare_OtherStatus_IsTheOnlyDifference(int legacy, int lookup, DifferenceKind kind)
    {
        var compared = Comparer.Compare(
            Sides.Json("""{"a":1}""", legacy),
            Sides.Json("""{"b":2}""", lookup),
            ComparisonRules.Exact
        );

        Assert.Equal([new Difference(kind, "status", "status", $"{legacy}", $"{lookup}")], compared.Differences);
    }

    [Theory]
    [InlineData("application/json", "application/json; charset=UTF-8", null)]
    [InlineData("application/json;odata=full", "Application/JSON", null)]
    [InlineData("text/plain; charset=\"utf-8\"", "text/plain;charset=utf8", null)]
    [InlineData("application/json", "application/problem+json", "application/problem+json; charset=utf-8")]
    [InlineData("text/plain", "text/html", "text/html")]
    [InlineData("text/plain; charset=utf-8", "text/plain; charset=iso-8859-1", "text/plain; charset=iso-8859-1")]
    public void Compare_ContentType_ByMediaTypeAndCharset(string legacy, string lookup, string? found)
    {
        var compared = Comparer.Compare(
            Sides.Other(legacy, "{}"u8.ToArray()),
            Sides.Other(lookup, "{}"u8.ToArray()),
            ComparisonRules.Exact
        );

        Assert.Equal(
            found is null ? [] : [("header:content-type", found)],
            compared.Differences.Select(difference => (difference.Path, difference.Lookup))
        );
    }

    [Fact]
    public void Compare_NamedHeaders_CountAndOthersDoNot()
    {
        var legacy = Sides.Other(
            "application/json",
            "{}"u8.ToArray(),
            ("cache-control", "no-store"),
            ("X-A", "1"),
            ("x-a", "2"),
            ("X-B", "1")
        );
        var lookup = Sides.Other("application/json", "{}"u8.ToArray(), ("X-A", "1, 2"), ("X-B", "2"));

        var compared = Comparer.Compare(legacy, lookup, new ComparisonRules { Headers = ["Cache-Control", "X-A"] });

        Assert.Equal(
            [new Difference(DifferenceKind.Header, "header:cache-control", "header:cache-control", "no-store", null)],
            compared.Differences
        );
    }

    [Theory]
    [InlineData(
        """{"items":[{"qty":1},{"qty":2}]}""",
        """{"items":[{"qty":1},{"qty":3}]}""",
        "Value $.items[1].qty $.items[*].qty 2 3"
    )]
    [InlineData("""{"a":1}""", """{"a":"1"}""", "Type $.a $.a 1 \"1\"")]
    [InlineData("""{"a":null}""", "{}", "Missing $.a $.a null -")]
    [InlineData("{}", """{"a b":{"c":[1, 2]}}""", "Extra $['a b'] $['a b'] - {\"c\":[1,2]}")]
    [InlineData("[1,2,3]", "[3,1,2]", "Order $ $ [1,2,3] [3,1,2]")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""", "DuplicateKey $.a $.a 1, 2 2")]
    [InlineData("""{"a":1,"b":1}""", """{"b":1,"a":1,"a":1}""", "DuplicateKey $.a $.a 1 1, 1")]
    [InlineData("""{"4711":{"qty":1}}""", """{"4711":{"qty":2}}""", "Value $['4711'].qty $.*.qty 1 2")]
    [InlineData("""{"2026-11-24":1}""", """{"2026-11-24":2}""", "Value $['2026-11-24'] $.* 1 2")]
    [InlineData("1e400", "1e401", "Value $ $ 1e400 1e401")]
    [InlineData(
        "12345678901234567890123",
        "12345678901234567890124",
        "Value $ $ 12345678901234567890123 12345678901234567890124"
    )]
    [InlineData("\"\\ud800\"", "\"\\ud801\"", "Value $ $ \"\\ud800\" \"\\ud801\"")]
    [InlineData("true", "false", "Value $ $ true false")]
    public void Compare_OneDifference_IsOneLine(string legacy, string lookup, string line)
    {
        var difference = Assert.Single(Sides.Compare(legacy, lookup).Differences);

        Assert.Equal(
            line,
            $"{difference.Kind} {difference.Path} {difference.General} {difference.Legacy ?? "-"} "
                + $"{difference.Lookup ?? "-"}"
        );
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{ "a":1.0, "a":2 }""")]
    [InlineData("[1,1.0,1e0,10e-1,0.1e1]", "[1e0,1,1,1,1]")]
    [InlineData("[0,-0,0e9,0.00]", "[-0.0,0,0,0e999999999]")]
    [InlineData("1e999999999", "10e999999998")]
    [InlineData("\"\\u0061\\u002f\\ud834\\udd1e\"", "\"a\\/𝄞\"")]
    [InlineData("""{"\u0061":1,"b":2}""", """{"b":2,"a":1}""")]
    public void Compare_SameInOtherWords_IsEqual(string legacy, string lookup) =>
        Assert.True(Sides.Compare(legacy, lookup).Equal);

    [Theory]
    [InlineData("[1,2,3,4,5]", "[1,3,4,5]", "Missing $[1]")]
    [InlineData("[1,3,4,5]", "[1,2,3,4,5]", "Extra $[1]")]
    [InlineData("[1,2]", "[]", "Missing $[0]", "Missing $[1]")]
    [InlineData(
        """[{"id":1,"v":1},{"id":2,"v":2},{"id":3,"v":3}]""",
        """[{"id":2,"v":2},{"id":3,"v":4}]""",
        "Missing $[0]",
        "Value $[2].v"
    )]
    [InlineData("[1,2,3,4]", "[1,9,3,8]", "Value $[1]", "Value $[3]")]
    public void Compare_ArraysByPlace_ShowEachElementOnce(string legacy, string lookup, params string[] found) =>
        Assert.Equal(found, Sides.Found(legacy, lookup));

    [Fact]
    public void Compare_SystematicFaultInLongArrays_NamesItsMember()
    {
        string Rows(int unit, IEnumerable<int> ids) =>
            $"[{string.Join(',', ids.Select(id => $$"""{"id":{{id}},"qty":{{(id + 1) * unit}},"tag":"x"}"""))}]";
        var ids = Enumerable.Range(0, 10_000).ToArray();
        var rules = new[]
        {
            ComparisonRules.Exact,
            new ComparisonRules { AnyOrder = Sides.Paths("$") },
            new ComparisonRules { KeyedBy = [new KeyedArray(PathPattern.Parse("$"), PathPattern.Parse("$.id"))] },
        };

        foreach (var rule in rules)
        {
            var compared = Sides.Compare(Rows(1, ids), Rows(1000, rule == rules[0] ? ids : ids.Reverse()), rule);

            Assert.True(compared.Truncated);
            Assert.Equal(200, compared.Differences.Count);
            Assert.Equal(["$[*].qty"], compared.Differences.Select(difference => difference.General).Distinct());
        }
    }

    [Fact]
    public void Compare_LongArraysOfOtherElements_EndsAndShowsEachOnce()
    {
        var legacy = $"[{string.Join(',', Enumerable.Range(0, 10_000))}]";
        var lookup = $"[{string.Join(',', Enumerable.Range(5_000, 10_000))}]";

        var placed = Sides.Compare(legacy, lookup);
        var unordered = Sides.Compare(legacy, lookup, new ComparisonRules { AnyOrder = Sides.Paths("$") });
        var tolerant = Sides.Compare(
            legacy,
            lookup,
            new ComparisonRules
            {
                AnyOrder = Sides.Paths("$"),
                Tolerances = [new Tolerance.Absolute(PathPattern.Parse("$[*]"), 10_000m)],
            }
        );

        Assert.Equal(DifferenceKind.Missing, placed.Differences[0].Kind);
        Assert.True(unordered.Truncated);
        Assert.True(tolerant.Equal);
    }

    [Theory]
    [InlineData("""{"at":1,"b":2}""", """{"at":2,"b":3}""", "Value $.b", "$.at Ignore $.at 1")]
    [InlineData("""{"l":[{"at":1},{"at":2}]}""", """{"l":[{"at":3},{}]}""", null, "$.l[*].at Ignore $..at 2")]
    public void Compare_Ignore_LetsItPassAndCounts(string legacy, string lookup, string? found, string ignored)
    {
        var rules = new ComparisonRules { Ignore = Sides.Paths(ignored.Split(' ')[2]) };

        Assert.Equal(found is null ? [] : [found], Sides.Found(legacy, lookup, rules));
        Assert.Equal([ignored], Sides.Compare(legacy, lookup, rules).Ignored());
    }

    [Fact]
    public void Compare_Tolerances_LetPassWhatLiesWithin()
    {
        var rules = new ComparisonRules
        {
            Tolerances =
            [
                new Tolerance.Absolute(PathPattern.Parse("$.a"), 0.01m),
                new Tolerance.Relative(PathPattern.Parse("$.r"), 0.1m),
                new Tolerance.Time(PathPattern.Parse("$.t"), TimeSpan.FromSeconds(1)),
            ],
        };

        Assert.Equal(
            ["$.a Tolerances $.a Absolute 0.01 1"],
            Sides.Compare("""{"a":0.1}""", """{"a":0.11}""", rules).Ignored()
        );
        Assert.Equal(
            ["Value $.a"],
            Sides.Found("""{"a":0.1}""", """{"a":0.1100000000000000000000000000000001}""", rules)
        );
        Assert.Equal(
            ["$.r Tolerances $.r Relative 0.1 1"],
            Sides.Compare("""{"r":"90"}""", """{"r":"100.0"}""", rules).Ignored()
        );
        Assert.Equal(["Value $.r"], Sides.Found("""{"r":89}""", """{"r":100}""", rules));
        Assert.Equal(
            ["$.t Tolerances $.t Time 00:00:01 1"],
            Sides
                .Compare("""{"t":"2026-11-24T08:00:00.25Z"}""", """{"t":"2026-11-24T09:00:01.25+01:00"}""", rules)
                .Ignored()
        );
        Assert.Equal(
            ["Value $.t"],
            Sides.Found("""{"t":"2026-11-24T08:00:00Z"}""", """{"t":"2026-11-24T08:00:01.0000001Z"}""", rules)
        );
        Assert.Equal(
            ["Value $.t"],
            Sides.Found("""{"t":"2026-11-24T08:00:00Z"}""", """{"t":"2026-11-24T08:00:00"}""", rules)
        );
    }

    [Fact]
    public void Compare_KeyedBy_PairsByKeyAndShowsSurplus()
    {
        var rules = new ComparisonRules
        {
            KeyedBy = [new KeyedArray(PathPattern.Parse("$.l"), PathPattern.Parse("$.k.id"))],
        };
        const string Legacy = """{"l":[{"k":{"id":1},"v":1},{"k":{"id":"1"},"v":2},{"k":{"id":2},"v":3},{"v":4}]}""";

        Assert.Equal(
            ["$.l KeyedBy $.l by $.k.id 1"],
            Sides
                .Compare(
                    Legacy,
                    """{"l":[{"v":4},{"k":{"id":2.0},"v":3},{"k":{"id":"1"},"v":2},{"k":{"id":1},"v":1}]}""",
                    rules
                )
                .Ignored()
        );
        Assert.Equal(
            ["Value $.l[2].v", "Missing $.l[0]", "DuplicateKey $.l[3]"],
            Sides.Found(
                Legacy,
                """{"l":[{"k":{"id":"1"},"v":2},{"v":4},{"k":{"id":2},"v":0},{"k":{"id":2},"v":3}]}""",
                rules
            )
        );
    }

    [Fact]
    public void Compare_NullCaseAndMaps_AsTheRulesSay()
    {
        var rules = new ComparisonRules
        {
            NullIsMissing = Sides.Paths("$..*"),
            IgnoreCase = Sides.Paths("$.c"),
            Maps = Sides.Paths("$.m"),
            AnyOrder = Sides.Paths("$.o"),
        };

        Assert.Equal(["$.n NullIsMissing $..* 1"], Sides.Compare("""{"n":null}""", "{}", rules).Ignored());
        Assert.Equal(["Type $.n"], Sides.Found("""{"n":null}""", """{"n":0}""", rules));
        Assert.Equal(["$.c IgnoreCase $.c 1"], Sides.Compare("""{"c":"ÄB"}""", """{"c":"äb"}""", rules).Ignored());
        Assert.Equal(
            "$.m.*.v",
            Assert
                .Single(Sides.Compare("""{"m":{"A-1":{"v":1}}}""", """{"m":{"A-1":{"v":2}}}""", rules).Differences)
                .General
        );
        Assert.Equal(["$.o AnyOrder $.o 1"], Sides.Compare("""{"o":[1,2]}""", """{"o":[2,1]}""", rules).Ignored());
        Assert.Equal(["Value $.o[1]"], Sides.Found("""{"o":[1,2,3]}""", """{"o":[3,1,4]}""", rules));
    }

    [Fact]
    public void Compare_SurplusInAnyOrder_PairsTheLikest() =>
        Assert.Equal(
            ["Value $[0].v", "Missing $[1]"],
            Sides.Found(
                """[{"n":"x","v":1,"w":7},{"n":"y","v":1,"w":8}]""",
                """[{"n":"x","v":2,"w":7}]""",
                new ComparisonRules { AnyOrder = Sides.Paths("$") }
            )
        );

    [Fact]
    public void SameFault_IndexOfAnUnorderedArray_DoesNotCount()
    {
        var rules = new ComparisonRules { AnyOrder = Sides.Paths("$") };

        Assert.True(Sides.Compare("[1,2,3]", "[1,2,4]", rules).SameFault(Sides.Compare("[3,2,1]", "[1,2,4]", rules)));
        Assert.False(Sides.Compare("[1,2,3]", "[1,2,4]").SameFault(Sides.Compare("[3,2,1]", "[1,2,4]")));
    }

    [Fact]
    public void SameFault_ValuesThatDifferBehindWhatIsKept_AreAnotherFault()
    {
        var far = new string('x', 1000);

        Assert.False(Sides.Compare($"\"{far}1\"", "\"a\"").SameFault(Sides.Compare($"\"{far}2\"", "\"a\"")));
        Assert.Equal(257, Sides.Compare($"\"{far}1\"", "\"a\"").Differences[0].Legacy!.Length);
    }

    [Theory]
    [InlineData("{", "{}", nameof(UnreadableReason.NotJson))]
    [InlineData("[1,]", "{}", nameof(UnreadableReason.NotJson))]
    [InlineData("[[[[1]]]]", "{}", nameof(UnreadableReason.TooDeep))]
    [InlineData("[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]", "{}", nameof(UnreadableReason.TooLarge))]
    public void Compare_LegacyThatCannotBeRead_IsIncomparable(string legacy, string lookup, string reason)
    {
        var rules = new ComparisonRules { MaxDepth = 3, MaxBodyBytes = 38 };

        Assert.Equal(reason, Sides.Compare(legacy, lookup, rules).Incomparable.ToString());
        Assert.False(Sides.Compare(legacy, lookup, rules).Equal);
        Assert.Equal(["Body body"], Sides.Found(lookup, legacy, rules)); // what breaks only in the lookup is its fault
    }

    [Fact]
    public void Compare_TenThousandLevels_DoesNotOverflow()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);

        Assert.Equal(UnreadableReason.TooDeep, Sides.Compare(deep, deep + " ").Incomparable);
        Assert.True(Sides.Compare(deep, deep).Equal);
    }

    [Fact]
    public void Compare_OtherContent_ByBytesOrText()
    {
        var (unix, windows) = (
            Sides.Other("text/plain; charset=utf-8", "a\nb\n"u8.ToArray()),
            Sides.Other("text/plain; charset=utf-8", "a\r\nb\r\n"u8.ToArray())
        );
        var text = new ComparisonRules { Text = OtherContent.Text };

        Assert.Equal("body", Assert.Single(Comparer.Compare(unix, windows, ComparisonRules.Exact).Differences).Path);
        Assert.Equal(["body Text text 1"], Comparer.Compare(unix, windows, text).Ignored());
        Assert.Equal(
            UnreadableReason.Charset,
            Comparer.Compare(Sides.Other("text/plain; charset=ebcdic", [1]), windows, text).Incomparable
        );
    }

    [Fact]
    public void Compare_OtherCharsets_AreRead()
    {
        var legacy = Sides.Other(
            "application/json; charset=utf-16",
            [0xff, 0xfe, .. Encoding.Unicode.GetBytes("""{"a":"ä"}""")]
        );
        var lookup = Sides.Other(
            "application/json; charset=utf-16",
            [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes("""{"a": "ä"}""")]
        );
        var latin = Sides.Other("application/json; charset=iso-8859-1", Encoding.Latin1.GetBytes("""{"a":"ä"}"""));
        var marked = Sides.Other("application/json", [0xef, 0xbb, 0xbf, .. """{"a":"ä"}"""u8]);

        Assert.True(Comparer.Compare(legacy, lookup, ComparisonRules.Exact).Equal);
        Assert.Equal(
            ["header:content-type"],
            Comparer.Compare(latin, marked, ComparisonRules.Exact).Differences.Select(difference => difference.Path)
        );
        Assert.Equal(
            UnreadableReason.Charset,
            Comparer
                .Compare(Sides.Other("application/json", [(byte)'"', 0xff, (byte)'"']), marked, ComparisonRules.Exact)
                .Incomparable
        );
    }

    [Fact]
    public void Compare_EmptyAgainstJson_IsAnotherBody()
    {
        Assert.Equal(["Body body"], Sides.Found("", "{}"));
        Assert.Equal(
            "[1]",
            Assert
                .Single(
                    Comparer
                        .Compare(
                            new Answer(200, [], "[1]"u8.ToArray()),
                            new Answer(200, [], "[[1]]"u8.ToArray()),
                            ComparisonRules.Exact
                        )
                        .Differences
                )
                .Lookup
        );
    }
}
