using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Sessions;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>Which requests may write, and what of sessions stands in their headers.</summary>
public sealed class WriteRuleTests
{
    private static readonly string Token = new('t', TokenCodec.Length);

    [Theory]
    [InlineData("GET", "", false)]
    [InlineData("HEAD", "", false)]
    [InlineData("OPTIONS", "", false)]
    [InlineData("CONNECT", "", false)]
    [InlineData("POST", "", true)]
    [InlineData("BREW", "", true)]
    [InlineData("GET", "delete", true)] // what a server may act on
    [InlineData("SEARCH", "", false)] // declared to only read
    public void MayWrite_Method_IsTrueUnlessItIsSafeOrDeclared(string method, string instead, bool mayWrite) =>
        Assert.Equal(
            mayWrite,
            WriteRule.MayWrite(method, instead.Length == 0 ? [] : [instead], new HashSet<string> { "SEARCH", "GET" })
        );

    [Theory]
    [InlineData(200, false, false)]
    [InlineData(500, false, false)]
    [InlineData(504, false, true)]
    [InlineData(502, true, true)]
    [InlineData(200, true, true)]
    public void MayWriteLater_Answer_IsTrueIfLegacyMayStillBeAtIt(int status, bool isForwarderError, bool mayWrite) =>
        Assert.Equal(mayWrite, WriteRule.MayWriteLater(status, isForwarderError));

    [Theory]
    [InlineData("strangler-position=TOKEN", null)]
    [InlineData("a=1; strangler-position=TOKEN", "a=1")]
    [InlineData("strangler-position=TOKEN; a=1", "a=1")]
    [InlineData("a=1; strangler-position=TOKEN; b=2", "a=1; b=2")]
    [InlineData("a=1;strangler-position=\"TOKEN\";b=2;", "a=1;b=2;")]
    public void Take_Cookie_LeavesTheOthersAsTheyWere(string cookie, string? left)
    {
        var headers = new HeaderDictionary { ["Cookie"] = cookie.Replace("TOKEN", Token, StringComparison.Ordinal) };

        Assert.Equal([Token], SessionHeaders.Take(headers));
        Assert.Equal(left, headers["Cookie"].FirstOrDefault());
        Assert.Equal(left is not null, headers.ContainsKey("Cookie"));
    }

    [Theory]
    [InlineData("xstrangler-position=TOKEN")]
    [InlineData("strangler-position-2=TOKEN")]
    [InlineData("a=strangler-position=TOKEN")]
    [InlineData("a=1;;  b = 2 ;")]
    public void Take_OtherCookies_AreNotTouched(string cookie)
    {
        var headers = new HeaderDictionary { ["Cookie"] = cookie };

        Assert.Empty(SessionHeaders.Take(headers));
        Assert.Equal(cookie, headers["Cookie"].FirstOrDefault());
    }

    [Fact]
    public void Take_HeaderWithSeveral_IsAllOfTheRightLengthUpToEight()
    {
        var headers = new HeaderDictionary
        {
            ["Strangler-Position"] = new([$"{Token}, short", string.Join(',', Enumerable.Repeat(Token, 9))]),
        };

        Assert.Equal(8, SessionHeaders.Take(headers).Count);
        Assert.Empty(headers);
    }
}
