using Xunit;

namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>What the comparison of a page with what comes lets pass.</summary>
public sealed class QuotedOutputTests
{
    private const string Report = "strangler report book";

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "psql: error", false)]
    [InlineData("…", "anything", true)]
    [InlineData("a …", "a b", true)]
    [InlineData("a … c", "a b c", true)]
    [InlineData("a … c", "a b c d", false)]
    [InlineData("a", "a b", false)]
    [InlineData("b", "a b", false)]
    public void Missing_Quotation_IsAllThatMayCome(string quoted, string output, bool passes) =>
        Assert.Equal(passes, QuotedOutput.Missing("psql", quoted, output) is null);

    [Theory]
    [InlineData("196 distinct versions matched", "201 distinct\n  versions matched", true)]
    [InlineData("where 100 are needed", "where 1 are needed", false)]
    [InlineData("where 1 % is the limit", "where 99 % is the limit", false)]
    [InlineData("At most 24.1 % of the requests", "At most 25.03 % of the\n  requests", true)]
    [InlineData("31 keys were named once, of 600", "29 keys were named\n  once, of 600", true)]
    [InlineData("31 keys were named once, of 600", "31 keys were named once, of 500", false)]
    [InlineData("with this evidence for 66.2 s, where", "with this evidence for 3 minutes, where", true)]
    [InlineData("The documents are 0.4 s old", "The documents are 1 s old", true)]
    [InlineData("The documents are 0.4 s old", "How old the documents are isn't known", false)]
    [InlineData("600 requests sampled, 600 compared, 0 dropped", "600 requests sampled, 60 compared, 0 dropped", false)]
    [InlineData("wrong 3 100.0 %", "wrong 2 66.7 %", false)]
    [InlineData("wrong 0 0.0 %", "wrong 1 0.2 %", false)]
    [InlineData("match, quiet 600 100.0 %", "match, quiet 598 99.7 %", true)]
    [InlineData("match, with a commit 0 0.0 %", "match, with a commit 2 0.3 %", true)]
    public void Missing_NumberOfAReport_MayDifferOnlyByChance(string quoted, string output, bool passes) =>
        Assert.Equal(passes, QuotedOutput.Missing(Report, quoted, output) is null);
}
