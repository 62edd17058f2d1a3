using Strangler.Evidence.Rendering;
using Xunit;

namespace Strangler.Evidence.Tests.Rendering;

public sealed class FailOnTermsTests
{
    [Theory]
    [InlineData("wrong", 1)]
    [InlineData("wrong>115", 1)] // of 120, 4 are dismissed
    [InlineData("wrong>116", 0)]
    [InlineData("wrong>1%", 0)]
    [InlineData("wrong > 0.96 %", 1)]
    [InlineData("undetermined>5%", 0)]
    [InlineData("undetermined>3.3%", 1)]
    [InlineData("unclear>3.99%", 1)]
    [InlineData("unclear>4%", 0)]
    [InlineData("torn>60,incomparable>20", 0)]
    [InlineData("torn,incomparable,wrong", 3)]
    [InlineData("unproven", 1)]
    [InlineData("unproven>2", 0)]
    [InlineData("unproven>1%", 1)]
    [InlineData("unproven>2%", 0)]
    [InlineData("dropped>460", 0)]
    [InlineData("dropped>459", 1)]
    [InlineData("dropped>3.68%", 0)] // of what was sampled
    [InlineData("dropped>3.67%", 1)]
    [InlineData("not-sampled>40", 0)]
    [InlineData("not-sampled>0.32%", 0)] // of all requests
    [InlineData("not-sampled>0.31%", 1)]
    [InlineData("lost>25,lost>0.21%", 0)]
    [InlineData("lost>0.2%", 1)]
    [InlineData("not-ready", 2)] // also the route without evidence
    public void Broken_OfTheSample_NamesWhatStandsAgainst(string text, int broken)
    {
        Assert.True(FailOnTerms.TryParse(text, out var failOn, out _));

        Assert.Equal(broken, failOn.Broken(SampleReports.Full).Count);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("not-ready,unproven,unclear>0%")]
    public void Broken_ReadyRoute_IsNothing(string text)
    {
        Assert.True(FailOnTerms.TryParse(text, out var failOn, out _));

        Assert.Empty(failOn.Broken(SampleReports.Ready));
    }

    [Theory]
    [InlineData("")]
    [InlineData("right")]
    [InlineData("wrong>")]
    [InlineData("wrong>-1")]
    [InlineData("wrong>1.5")]
    [InlineData("wrong>101%")]
    [InlineData("wrong<3")]
    [InlineData("not-ready>1")]
    [InlineData("wrong,,torn")]
    [InlineData("Wrong")]
    public void TryParse_NoTerm_SaysWhatThereIs(string text)
    {
        Assert.False(FailOnTerms.TryParse(text, out _, out var problem));

        Assert.Contains("'not-ready'", problem, StringComparison.Ordinal);
    }
}
