using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Testing;
using Xunit;

namespace Strangler.Evidence.Tests.Rendering;

public sealed class TextReportTests
{
    [Fact]
    public void Write_Full_IsTheGoldenText() => Golden.Equal("full.txt", TextReport.Write(SampleReports.Full));

    [Fact]
    public void Write_Ready_IsTheGoldenText() => Golden.Equal("ready.txt", TextReport.Write(SampleReports.Ready));

    [Fact]
    public void Write_AnyReport_FitsEightyColumns() =>
        Assert.All(
            new[] { SampleReports.Full, SampleReports.Ready, SampleReports.None }.SelectMany(report =>
                TextReport.Write(report).Split('\n')
            ),
            line => Assert.True(line.Length <= 80, $"{line.Length}: {line}")
        );

    [Fact]
    public void Write_ControlCharactersInAKey_AreNotSentToTheTerminal()
    {
        var hostile = SampleReports.Wrong with
        {
            Keys = SampleReports.Wrong.Keys with { Unproven = new(5, 1, 1, 0.5, [new("\u001b[2Jkey", 1, 5, "torn")]) },
        };

        var text = TextReport.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [hostile]));

        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("·[2Jkey", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lookup", 0, 0, "nothing that the lookup answered has been compared")]
    [InlineData("shadow", 0, 0, null)]
    [InlineData("shadow", 7, 0, "of these, the lookup had answered 7: 6 compared, 1 dropped; nothing was wrong")]
    [InlineData("lookup", 7, 1, "of these, the lookup had answered 7: 6 compared, 1 dropped; 1 part wrong")]
    public void Write_RouteInAStage_SaysWhatWasComparedAfterTheLookup(
        string stage,
        long taken,
        long wrong,
        string? says
    )
    {
        var route = SampleReports.Wrong with
        {
            Stage = stage,
            Recheck = new(taken, Math.Max(0, taken - 1), Math.Min(1, taken), wrong, null, null, null),
        };

        var text = TextReport.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [route]));

        var line = text.ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal);
        if (says is null)
            Assert.DoesNotContain("the lookup had answered", line, StringComparison.Ordinal);
        else
            Assert.Contains(says, line, StringComparison.Ordinal);
    }
}
