using Spectre.Console.Testing;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class DemoSummaryTests
{
    private static readonly DemoSummary Good = Record().Sum(TimeSpan.FromSeconds(60), new(2_400, 11_997, 5, 0));

    [Fact]
    public void ToJson_Summary_IsAsPipelinesReadIt() => Assert.Equal(
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
          "lagP50Seconds": 0.3,
          "lagMaxSeconds": 0.4
        }

        """, Good.ToJson());

    [Fact]
    public void SummaryView_Summary_FitsEightyColumns()
    {
        using var console = new TestConsole().Width(80);

        console.Write(SummaryView.Of(Good));

        Assert.Contains("calls a request", console.Output, StringComparison.Ordinal);
        Assert.Contains("11,997 writes (200/s), watermark lag 0.3 s (median), 0.4 s (most), 0 errors. 5 requests were due but not sent", string.Join(' ', console.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.All(console.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Verdict_GoodSummary_HasNoFault() => Assert.Empty(DemoVerdict.Of(Good));

    public static TheoryData<string, Func<DemoSummary, DemoSummary>> Failures => new()
    {
        { "The lookup never answered", summary => summary with { After = summary.After with { Requests = 0 } } },
        { "The call graph never answered", summary => summary with { Before = summary.Before with { Requests = 0 } } },
        { "3 requests failed", summary => summary with { Errors = 3 } },
        { "No write went through", summary => summary with { Writes = 0 } },
        { "No request reached the route", summary => summary with { Requests = 0 } },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Verdict_SomethingDidNotWork_SaysIt(string sentence, Func<DemoSummary, DemoSummary> spoil) =>
        Assert.Contains(sentence, Assert.Single(DemoVerdict.Of(spoil(Good))).Problem, StringComparison.Ordinal);

    private static DemoRecord Record()
    {
        var record = new DemoRecord("availability", 10_000);
        var (callGraph, lookup) = (new SideReading(1_199, 0, null, null, 17.1, 44.4), new SideReading(1_200, 40, 0.6, 2.1, 0.6, 2.2));
        Add(1, "legacy", 0.2, SideReading.None);
        Add(2, "legacy", 0.3, SideReading.None);
        Add(30, "lookup", 0.4, lookup);
        record.Add("legacy", new(23, 6));
        record.Add("legacy", new(22, 6));
        record.Add("lookup", CallTree.None);
        return record;

        void Add(int second, string stage, double lag, SideReading side) => record.Add(new Moment(TimeSpan.FromSeconds(second), null, "availability", new(stage, callGraph, side, TimeSpan.FromSeconds(lag)), null, 0));
    }
}
