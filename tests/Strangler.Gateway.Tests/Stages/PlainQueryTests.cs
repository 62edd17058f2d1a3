using Strangler.Gateway.Http;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

/// <summary>Which queries a lookup may answer as written.</summary>
public sealed class PlainQueryTests
{
    [Theory]
    [InlineData("?area=1", true)]
    [InlineData("?area=1&filter[size]=2", true)]
    [InlineData("?filter%5Bsize%5D=2&area=1", true)]
    [InlineData("?area=", true)]
    [InlineData("?area=a%20b", true)]
    [InlineData("?area=a:b/c?d", true)]
    [InlineData("?area=a%3ab%3A", true)]
    [InlineData("?area=%C3%A4", true)]
    [InlineData("?", false)]
    [InlineData("?area", false)]
    [InlineData("?area=1&", false)]
    [InlineData("?&area=1", false)]
    [InlineData("?=1", false)]
    [InlineData("?area=&area", false)]
    [InlineData("?%61rea=1", false)]
    [InlineData("?Area=1", false)]
    [InlineData("?area=a+b", false)]
    [InlineData("?area=a;b", false)]
    [InlineData("?area=a=b", false)]
    [InlineData("?area=%E4", false)]
    [InlineData("?area=%", false)]
    [InlineData("?area=%zz", false)]
    [InlineData("?area=1%00", false)]
    [InlineData("?area=1%0A", false)]
    [InlineData("?area=a|b", false)]
    [InlineData("?area=1?area=2", false)]
    [InlineData("?filter%5bsize%5d=2", false)]
    public void IsPlainQuery_Table(string query, bool isPlain) =>
        Assert.Equal(isPlain, UrlSpelling.IsPlainQuery(query[1..], new HashSet<string> { "area", "filter[size]" }));
}
