using Spectre.Console;
using Strangler.Cli.Commands;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>The output of <c>strangler routes</c>.</summary>
public sealed class RoutesCommandTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Show_RoutesOfAProjectionInTrouble_SaysItOnceBeforeHowOldItsWatermarkIs()
    {
        string[] troubles =
        [
            "The table 'public.stock' is in doubt, so that look-ups go to legacy. It was dropped.",
            "2 more tables that it reads are in doubt.",
        ];

        var lines = Show(
            new(
                [Route("one", "Stock", troubles), Route("other", "Stock", troubles), Route("third", "Price", [])],
                null
            ),
            new WatermarkReport("Price", null, 0.5, null),
            new WatermarkReport("Stock", null, 0.5, null)
        );

        Assert.Equal(
            [
                "Stock: The table 'public.stock' is in doubt, so that look-ups go to legacy. It was dropped.",
                "Stock: 2 more tables that it reads are in doubt.",
                "Price: its watermark is 0.5 s behind the source.",
                "Stock: its watermark is 0.5 s behind the source.",
            ],
            lines.TakeLast(4)
        );
    }

    /// <summary>A watermark moves by itself each second: if it stands still, a part does, wherever it runs.</summary>
    [Theory]
    [InlineData(9.9, "Stock: its watermark is 0.5 s behind the source.")]
    [InlineData(
        10.1,
        "Stock: its watermark is 0.5 s behind the source. It has not moved for 10 s: "
            + "the bridge or the projections don't run, don't reach their servers, or read a large table."
    )]
    public void Show_WatermarkThatRests_SaysWhereToLook(double rest, string line)
    {
        var mark = new WatermarkReport("Stock", null, 0.5, null) { RestSeconds = rest };

        Assert.Equal(line, Show(new([Route("one", "Stock", [])], null), mark)[^1]);
    }

    private static string[] Show(RoutesReport routes, params WatermarkReport[] marks)
    {
        using var text = new StringWriter();
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No };
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = 200;
        RoutesCommand.Show(console, routes, new WatermarksReport(marks), Now);
        return text.ToString().TrimEnd().Split('\n');
    }

    private static RouteReport Route(string name, string projection, IReadOnlyList<string> troubles) =>
        new(
            name,
            $"/{name}",
            projection,
            "lookup",
            "lookup",
            "legacy",
            1,
            null,
            null,
            null,
            0,
            0,
            0,
            new Dictionary<string, long>()
        )
        {
            ProjectionTroubles = troubles,
        };
}
