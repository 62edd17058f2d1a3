using Strangler.Gateway.Lookup;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

public sealed class AnswerRulesTests
{
    [Theory]
    [InlineData(200, "X-Ok", "value", "body", true)]
    [InlineData(404, "Cache-Control", "no-store", "", true)]
    [InlineData(204, "X-Ok", "value", "", true)]
    [InlineData(204, "X-Ok", "value", "body", false)]
    [InlineData(304, "X-Ok", "value", "body", false)]
    [InlineData(100, "X-Ok", "value", "", false)]
    [InlineData(600, "X-Ok", "value", "", false)]
    [InlineData(200, "X Ok", "value", "", false)]
    [InlineData(200, "", "value", "", false)]
    [InlineData(200, "X-Ok", "a\r\nSet-Cookie: b", "", false)]
    [InlineData(200, "X-Ok", "é", "", false)]
    [InlineData(200, "content-length", "7", "", false)]
    [InlineData(200, "Transfer-Encoding", "chunked", "", false)]
    public void Allow_Answer_IsWhatHttpAllows(int status, string name, string value, string body, bool allowed) =>
        Assert.Equal(
            allowed,
            AnswerRules.Allow(new Answer(status, [new(name, value)], System.Text.Encoding.UTF8.GetBytes(body)))
        );

    [Fact]
    public void Allow_Null_IsNoAnswer() => Assert.False(AnswerRules.Allow(null));
}
