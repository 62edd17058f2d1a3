using System.Text.Json.Nodes;
using Strangler.Evidence.Rendering;
using Strangler.Testing;
using Xunit;

namespace Strangler.Evidence.Tests.Rendering;

public sealed class ReportJsonTests
{
    [Fact]
    public void Write_Full_IsTheGoldenJsonAndReadsBack()
    {
        var json = ReportJson.Write(SampleReports.Full);

        Golden.Equal("full.json", json);
        Assert.Equal(json, ReportJson.Write(ReportJson.Read(json)));
    }

    [Fact]
    public void Schema_EverySample_Fits() =>
        Assert.Empty(
            new[] { SampleReports.Full, SampleReports.Ready, SampleReports.None }.SelectMany(report =>
                SchemaCheck.Faults(ReportJson.Schema(), ReportJson.Write(report))
            )
        );

    [Theory]
    [InlineData("stage", "\"elsewhere\"", "is not a case")]
    [InlineData("more", "1", "knows no more")]
    [InlineData("gate", "null", "Null is not object")]
    [InlineData("path", null, "has no path")]
    public void Schema_ReportOfAnotherShape_DoesNotFit(string member, string? value, string said)
    {
        var report = JsonNode.Parse(ReportJson.Write(SampleReports.Full))!;
        var route = report["routes"]![0]!.AsObject();
        if (value is null)
            route.Remove(member);
        else
            route[member] = JsonNode.Parse(value);

        Assert.Contains(
            said,
            Assert.Single(SchemaCheck.Faults(ReportJson.Schema(), report.ToJsonString())),
            StringComparison.Ordinal
        );
    }
}
