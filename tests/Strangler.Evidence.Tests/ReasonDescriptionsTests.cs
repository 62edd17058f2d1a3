using System.Net;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence.Rendering.Html;
using Strangler.Evidence.Tests.Rendering;
using Xunit;

namespace Strangler.Evidence.Tests;

public sealed class ReasonDescriptionsTests
{
    public static TheoryData<string> Fallbacks =>
        [.. Enum.GetValues<CallGraphReason>().Where(reason => reason.IsFallback()).Select(reason => reason.Text())];

    /// <summary>What the lookup lacked is never blamed on the request.</summary>
    [Theory]
    [MemberData(nameof(Fallbacks))]
    public void OfMiss_ReasonThatTheLookupLacked_HasItsOwnSentence(string reason) =>
        Assert.NotEqual(ReasonDescriptions.OfMiss(CallGraphReason.KeyForm.Text()), ReasonDescriptions.OfMiss(reason));

    public static TheoryData<string> Causes => [.. Enum.GetValues<WrongCause>().Select(cause => EnumText.Of(cause))];

    [Theory]
    [MemberData(nameof(Causes))]
    public void HtmlReport_ExampleOfACause_SaysWhatTheCauseMeans(string cause)
    {
        var report = SampleReports.Full;
        var route = report.Routes.First(route => route.Examples.Count > 0);
        var examples = route.Examples.Select(example => example with { Cause = cause }).ToList();
        using var page = new StringWriter();

        HtmlReport.Write(page, report with { Routes = [route with { Examples = examples }] });

        var meaning = ReasonDescriptions.OfVerdict(CountNames.Wrong, cause);
        Assert.NotEqual(ReasonDescriptions.OfVerdict(CountNames.Wrong, "another"), meaning);
        Assert.Contains(WebUtility.HtmlEncode(meaning), page.ToString(), StringComparison.Ordinal);
    }
}
