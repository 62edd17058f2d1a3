using Spectre.Console.Testing;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class DemoSummaryTests
{
    private static readonly DemoSummary Good = Record()
        .Sum(
            TimeSpan.FromSeconds(60),
            new(2_400, 11_997, 5, 0),
            new Dictionary<string, IReadOnlyList<string>>(),
            null,
            null
        );
    private static readonly FaultSummary Planted = new(
        "cap-off-by-one",
        "A sales cap is one piece too high.",
        ["$.cap.max", "$.quantity"],
        1_234,
        true,
        21.5,
        37,
        ["$.cap.max"],
        true,
        true
    );

    private static readonly DemoSummary WithFault = Good with
    {
        Fault = Planted,
        After = Good.After with { Requests = 0 },
        Refused = new Dictionary<string, IReadOnlyList<string>>
        {
            ["availability"] = ["12 keys were wrong. Correct the projection."],
        },
    };

    [Fact]
    public void ToJson_Summary_IsAsPipelinesReadIt() =>
        Assert.Equal(
            """
            {
              "route": "availability",
              "items": 10000,
              "seconds": 60,
              "stages": [
                {
                  "stage": "legacy",
                  "fromSecond": 1
                },
                {
                  "stage": "shadow",
                  "fromSecond": 3
                },
                {
                  "stage": "lookup",
                  "fromSecond": 30
                }
              ],
              "requests": 2399,
              "dropped": 5,
              "errors": 0,
              "before": {
                "requests": 1199,
                "p50Ms": 17.1,
                "p99Ms": 44.4,
                "callsARequest": 22.5,
                "depth": 6
              },
              "after": {
                "requests": 1200,
                "p50Ms": 0.6,
                "p99Ms": 2.2,
                "callsARequest": 0,
                "depth": 0
              },
              "writes": 11997,
              "writesPerSecond": 200,
              "writesAskedPerSecond": 200,
              "lagP50Seconds": 0.3,
              "lagMaxSeconds": 0.4,
              "comparison": {
                "verdicts": {
                  "match": 1030,
                  "quiet": 700,
                  "withCommit": 320,
                  "wrong": 0,
                  "torn": 4,
                  "incomparable": 1,
                  "undetermined": 6,
                  "compared": 1041,
                  "unclearShare": 0.0106
                },
                "routes": {
                  "availability": {
                    "match": 1000,
                    "quiet": 680,
                    "withCommit": 315,
                    "wrong": 0,
                    "torn": 4,
                    "incomparable": 1,
                    "undetermined": 5,
                    "compared": 1010,
                    "unclearShare": 0.0099
                  },
                  "item": {
                    "match": 30,
                    "quiet": 20,
                    "withCommit": 5,
                    "wrong": 0,
                    "torn": 0,
                    "incomparable": 0,
                    "undetermined": 1,
                    "compared": 31,
                    "unclearShare": 0.0323
                  }
                },
                "doubts": {
                  "failed": 1,
                  "never-at-rest": 6
                },
                "dropped": {
                  "per-second": 2
                },
                "lookupP50Ms": 3.5,
                "lookupP99Ms": 9.5,
                "lateP50Ms": 80.5,
                "lateP99Ms": 310
              },
              "refused": {},
              "fault": null,
              "guard": null
            }

            """,
            Good.ToJson()
        );

    [Fact]
    public void SummaryView_Summary_FitsEightyColumns()
    {
        using var console = new TestConsole().Width(80);

        console.Write(SummaryView.Of(Good));

        Assert.Contains("calls a request", console.Output, StringComparison.Ordinal);
        Assert.Contains(
            "11,997 writes (200/s), watermark lag 0.3 s (median), 0.4 s (most), 0 errors. "
                + "5 requests were due but not sent",
            string.Join(' ', console.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.All(console.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Verdict_GoodSummary_HasNoFault() => Assert.Empty(DemoVerdict.Of(Good));

    [Fact]
    public void ToJson_PlantedFault_SaysWhatBecameOfIt() =>
        Assert.EndsWith(
            """
              "refused": {
                "availability": [
                  "12 keys were wrong. Correct the projection."
                ]
              },
              "fault": {
                "name": "cap-off-by-one",
                "wrong": "A sales cap is one piece too high.",
                "fields": [
                  "$.cap.max",
                  "$.quantity"
                ],
                "touchedKeys": 1234,
                "found": true,
                "foundAtSecond": 21.5,
                "foundAfter": 37,
                "foundIn": [
                  "$.cap.max"
                ],
                "fieldNamed": true,
                "promotionRefused": true
              },
              "guard": null
            }

            """,
            WithFault.ToJson(),
            StringComparison.Ordinal
        );

    [Fact]
    public void SummaryView_PlantedFault_SaysHowItWasFoundAndTheGatesWords()
    {
        using var console = new TestConsole().Width(80);

        console.Write(SummaryView.Of(WithFault));

        var words = string.Join(' ', console.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(
            "1,041 keys compared: 1,030 match (700 in quiet brackets, 320 with a commit), "
                + "0 wrong, 4 torn, 1 incomparable, 6 undetermined; 1.1 % unclear. "
                + "A lookup would be late by 80.5 ms (p50), 310.0 ms (p99).",
            words,
            StringComparison.Ordinal
        );
        Assert.Contains("Unclear because of: failed 1, never-at-rest 6.", words, StringComparison.Ordinal);
        Assert.Contains(
            "The gate keeps route 'availability' in stage shadow: 12 keys were wrong. Correct the projection.",
            words,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Found within 37 comparisons of the 1,234 keys that it touches, in $.cap.max.",
            words,
            StringComparison.Ordinal
        );
        Assert.All(console.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Verdict_PlantedFaultThatWasFoundAndKeptBack_HasNoFault() => Assert.Empty(DemoVerdict.Of(WithFault));

    [Fact]
    public void SummaryView_AGuardTookARouteBack_SaysAfterHowLongAndWhy()
    {
        using var console = new TestConsole().Width(80);

        console.Write(
            SummaryView.Of(
                Good with
                {
                    Guard = new("item", 50, 52.1, "shadow", "Guard 'wrong': 1 part was wrong.", "Legacy changed."),
                }
            )
        );

        Assert.Contains(
            "A setting that no projection declares was changed: route 'item' went back to stage shadow by itself after "
                + "2 s. Guard 'wrong': 1 part was wrong. Legacy changed.",
            string.Join(' ', console.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.All(console.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void SummaryView_FewerWritesThanNineTenthsOfThoseAskedFor_SaysSo()
    {
        using var console = new TestConsole().Width(80);

        console.Write(SummaryView.Of(Good with { WritesPerSecond = 179.4 }));

        Assert.Contains(
            "Only 179 of 200 writes a second went through: this machine had too much to do.",
            string.Join(' ', console.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Null(DemoVerdict.Shortfall(Good with { WritesPerSecond = 180 }));
    }

    public static TheoryData<string, Func<DemoSummary, DemoSummary>> Failures =>
        new()
        {
            { "The lookup never answered", summary => summary with { After = summary.After with { Requests = 0 } } },
            {
                "The call graph never answered",
                summary => summary with { Before = summary.Before with { Requests = 0 } }
            },
            { "3 requests failed", summary => summary with { Errors = 3 } },
            { "No write went through", summary => summary with { Writes = 0 } },
            { "Nothing was compared", summary => summary with { Comparison = ComparisonSummary.None } },
            {
                "3 compared keys were wrong",
                summary =>
                    summary with
                    {
                        Comparison = summary.Comparison with
                        {
                            Verdicts = summary.Comparison.Verdicts with { Wrong = 3 },
                        },
                    }
            },
            {
                "Its gate kept it in stage shadow. Not enough.",
                summary =>
                    summary with
                    {
                        After = summary.After with { Requests = 0 },
                        Refused = new Dictionary<string, IReadOnlyList<string>> { ["availability"] = ["Not enough."] },
                    }
            },
            { "was not found", _ => WithFault with { Fault = Planted with { Found = false, FieldNamed = false } } },
            {
                "elsewhere: $.price",
                _ => WithFault with { Fault = Planted with { FoundIn = ["$.price"], FieldNamed = false } }
            },
            { "No gate kept the route", _ => WithFault with { Fault = Planted with { PromotionRefused = false } } },
            {
                "Its guard did not take it back",
                summary => summary with { Guard = new("item", 50, null, null, null, null) }
            },
            { "No request reached the route", summary => summary with { Requests = 0 } },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Verdict_SomethingDidNotWork_SaysIt(string sentence, Func<DemoSummary, DemoSummary> spoil) =>
        Assert.Contains(sentence, Assert.Single(DemoVerdict.Of(spoil(Good))).Problem, StringComparison.Ordinal);

    private static DemoRecord Record()
    {
        var record = new DemoRecord("availability", 10_000, 200);
        var (callGraph, lookup) = (
            new SideStatus(1_199, 0, null, null, 17.1, 44.4),
            new SideStatus(1_200, 40, 0.6, 2.1, 0.6, 2.2)
        );
        Add(1, "legacy", 0.2, SideStatus.None);
        Add(2, "legacy", 0.3, SideStatus.None);
        Add(3, "shadow", 0.3, SideStatus.None);
        Add(30, "lookup", 0.4, lookup);
        record.Add("legacy", new(23, 6));
        record.Add("shadow", new(22, 6));
        record.Add("lookup", CallTree.None);
        return record;

        void Add(int second, string stage, double lag, SideStatus side)
        {
            var shadow = new ShadowStatus(
                new(1_000, 680, 315, 0, 4, 1, 5),
                new Dictionary<string, long> { ["never-at-rest"] = 5, ["failed"] = 1 },
                new Dictionary<string, long> { ["per-second"] = 2 },
                new(1_010, 5, 3, 9, 3.5, 9.5),
                new(1_010, 5, 80, 300, 80.5, 310)
            );
            var shown = new RouteStatus("availability", stage, callGraph, side, TimeSpan.FromSeconds(lag), shadow);
            var other = new RouteStatus(
                "item",
                stage,
                callGraph,
                side,
                TimeSpan.FromSeconds(lag),
                shadow with
                {
                    Verdicts = new(30, 20, 5, 0, 0, 0, 1),
                    Doubts = new Dictionary<string, long> { ["never-at-rest"] = 1 },
                    Dropped = new Dictionary<string, long>(),
                }
            );
            record.Add(new DemoState(TimeSpan.FromSeconds(second), null, shown, [shown, other], null, 0));
        }
    }
}
