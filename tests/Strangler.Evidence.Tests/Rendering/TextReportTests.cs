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
}
