using Spectre.Console.Testing;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class DemoStateViewTests
{
    private const int Columns = 80;

    private static readonly SideStatus CallGraph = new(1_234, 0, 18.24, 41.9, 17.1, 44.4);
    private static readonly SideStatus Lookup = new(567, 39.8, 0.61, 2.14, 0.6, 2.2);

    private static readonly RouteStatus InLookup = new(
        "availability",
        "lookup",
        CallGraph,
        Lookup,
        TimeSpan.FromSeconds(0.24),
        ShadowStatus.None
    );

    private static readonly RouteStatus InShadow = InLookup with
    {
        Stage = "shadow",
        Legacy = CallGraph with { PerSecond = 5.4 },
        Lookup = SideStatus.None,
        Shadow = ShadowStatus.None with
        {
            Verdicts = new(1_230, 1_000, 210, 0, 2, 0, 2),
            Lookup = new(1_100, 5.4, 3.6, 9.8, 3.5, 9.9),
            Late = new(1_234, 5.4, 80, 310, 80, 310),
        },
    };

    private static readonly DemoState AtLookup = new(
        TimeSpan.FromSeconds(42),
        TimeSpan.FromSeconds(60),
        InLookup,
        [InLookup],
        new(0, 0),
        200
    );
    private static readonly DemoState AtShadow = new(
        TimeSpan.FromSeconds(21),
        TimeSpan.FromSeconds(60),
        InShadow,
        [InShadow, InShadow with { Route = "item" }],
        new(37, 6),
        200
    );

    [Fact]
    public void Panel_RouteInLookup_ShowsBothSidesWithinEightyColumns()
    {
        using var console = new TestConsole().Width(Columns);

        console.Write(DemoStateView.Panel(AtLookup));

        Assert.Equal(
            """
            ╭─Strangler   0:42 of 1:00─────────────────────────────────────────────────────╮
            │ route availability   stage lookup                                            │
            │                                                                              │
            │   answered by   requests/s      p50      p99   requests                      │
            │ ─────────────────────────────────────────────────────────                    │
            │   call graph           0.0    18 ms    42 ms      1,234                      │
            │   lookup                40   0.6 ms   2.1 ms        567                      │
            │                                                                              │
            │ calls a request  0    levels deep    0                                       │
            │ writes/s         200  watermark lag  0.2 s                                   │
            ╰──────────────────────────────────────────────────────────────────────────────╯

            """,
            console.Output
        );
    }

    [Fact]
    public void Panel_HugeFigures_StayWithinEightyColumns()
    {
        using var console = new TestConsole().Width(Columns);
        var huge = new SideStatus(123_456_789_012, 98_765, 60_000, 120_000, 1, 1);
        var hugest = new RouteStatus(
            "availability",
            "shadow",
            huge,
            huge,
            TimeSpan.FromHours(10),
            new(
                new(987_654_321, 123_456_789, 123_456_789, 1_000_000, 1_000_000, 1_000_000, 1_000_000),
                new Dictionary<string, long>(),
                new Dictionary<string, long>(),
                huge,
                huge
            )
        );

        console.Write(
            DemoStateView.Panel(
                AtLookup with
                {
                    Length = null,
                    Elapsed = TimeSpan.FromHours(30),
                    Reading = hugest,
                    Routes = [hugest],
                    Calls = new(12_345, 678),
                    WritesPerSecond = 123_456,
                }
            )
        );

        Assert.All(console.Lines, line => Assert.True(line.Length <= Columns, line));
    }

    [Fact]
    public void Line_RouteInLookup_SaysTheSame() =>
        Assert.Equal(
            "0:42  lookup  legacy -  lookup 40/s 0.6/2.1 ms  calls 0  w/s 200  lag 0.2 s",
            DemoStateView.Line(AtLookup)
        );

    [Fact]
    public void Line_BeforeAnythingWasMeasured_SaysSo() =>
        Assert.Equal(
            "0:01  legacy  legacy -  lookup -  calls -  w/s 0.0  lag -",
            DemoStateView.Line(
                new(
                    TimeSpan.FromSeconds(1),
                    null,
                    new("availability", "legacy", SideStatus.None, SideStatus.None, null, ShadowStatus.None),
                    [],
                    null,
                    0
                )
            )
        );

    [Fact]
    public void Panel_RouteInShadow_ShowsTheVerdictsWithinEightyColumns()
    {
        using var console = new TestConsole().Width(Columns);

        console.Write(DemoStateView.Panel(AtShadow));

        Assert.Equal(
            """
            ╭─Strangler   0:21 of 1:00─────────────────────────────────────────────────────╮
            │ route availability   stage shadow                                            │
            │                                                                              │
            │   answered by     requests/s      p50      p99   requests                    │
            │ ───────────────────────────────────────────────────────────                  │
            │   call graph             5.4    18 ms    42 ms      1,234                    │
            │   lookup, aside          5.4   3.6 ms   9.8 ms      1,100                    │
            │                                                                              │
            │ calls a request  37   levels deep    6                                       │
            │ writes/s         200  watermark lag  0.2 s                                   │
            │                                                                              │
            │   compared   match   wrong   torn   incomparable   undetermined              │
            │ ─────────────────────────────────────────────────────────────────            │
            │      2,468   2,460       0      4              0              4              │
            │                                                                              │
            │ 2,000 matches in quiet brackets, 420 with a commit                           │
            │ a lookup would be late by 80 ms (p50), 310 ms (p99)                          │
            ╰──────────────────────────────────────────────────────────────────────────────╯

            """,
            console.Output
        );
    }

    [Fact]
    public void Line_RouteInShadow_SaysTheVerdictsOnASecondLine() =>
        Assert.Equal(
            """
            0:21  shadow  legacy 5.4/s 18/42 ms  lookup -  calls 37  w/s 200  lag 0.2 s
                  match 2460  wrong 0  torn 4  incomparable 0  undetermined 4  late 80/310 ms
            """,
            DemoStateView.Line(AtShadow)
        );
}
