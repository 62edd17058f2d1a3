using Spectre.Console.Testing;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class MomentViewTests
{
    private const int Columns = 80;

    private static readonly SideReading CallGraph = new(1_234, 0, 18.24, 41.9, 17.1, 44.4);
    private static readonly SideReading Lookup = new(567, 39.8, 0.61, 2.14, 0.6, 2.2);

    private static readonly Moment AtLookup = new(TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(60), "availability", new("lookup", CallGraph, Lookup, TimeSpan.FromSeconds(0.24)), new(0, 0), 200);

    [Fact]
    public void Panel_RouteInLookup_ShowsBothSidesWithinEightyColumns()
    {
        using var console = new TestConsole().Width(Columns);

        console.Write(MomentView.Panel(AtLookup));

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

            """, console.Output);
    }

    [Fact]
    public void Panel_HugeFigures_StayWithinEightyColumns()
    {
        using var console = new TestConsole().Width(Columns);
        var huge = new SideReading(123_456_789_012, 98_765, 60_000, 120_000, 1, 1);

        console.Write(MomentView.Panel(AtLookup with { Length = null, Elapsed = TimeSpan.FromHours(30), Reading = new("legacy", huge, huge, TimeSpan.FromHours(10)), Calls = new(12_345, 678), WritesPerSecond = 123_456 }));

        Assert.All(console.Lines, line => Assert.True(line.Length <= Columns, line));
    }

    [Fact]
    public void Line_RouteInLookup_SaysTheSame() =>
        Assert.Equal("0:42  lookup  legacy -  lookup 40/s 0.6/2.1 ms  calls 0  w/s 200  lag 0.2 s", MomentView.Line(AtLookup));

    [Fact]
    public void Line_BeforeAnythingWasMeasured_SaysSo() =>
        Assert.Equal("0:01  legacy  legacy -  lookup -  calls -  w/s 0.0  lag -", MomentView.Line(new(TimeSpan.FromSeconds(1), null, "availability", new("legacy", SideReading.None, SideReading.None, null), null, 0)));
}
