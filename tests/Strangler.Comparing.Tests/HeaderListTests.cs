using Strangler.Comparing.Differences;
using Strangler.Comparing.Rules;
using Strangler.Projections;
using Xunit;

namespace Strangler.Comparing.Tests;

/// <summary>Which headers differ between two answers, among those that don't affect the verdict.</summary>
public sealed class HeaderListTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("Cache-Control: no-store", "", "cache-control missing")]
    [InlineData("", "X-Made-By: us", "x-made-by extra")]
    [InlineData("ETag: \"1\"", "etag: \"2\"", "etag value")]
    [InlineData("ETag: \"1\"", "etag: \"1\"", "")]
    [InlineData("Vary: Origin|Vary: Accept", "Vary: Origin, Accept", "")]
    [InlineData("Vary: Origin", "Vary: Accept", "vary value")]
    [InlineData("Link: a", "", "link missing")]
    [InlineData("Set-Cookie: a=1|Set-Cookie: b=2", "", "set-cookie missing")]
    [InlineData(
        "Strict-Transport-Security: max-age=1|Content-Language: "
            + "de|Access-Control-Allow-Origin: *|WWW-Authenticate: Basic",
        "",
        "access-control-allow-origin missing, content-language missing, strict-transport-security missing, "
            + "www-authenticate missing"
    )]
    // those of the connection, of one request, and the gateway's own
    [InlineData(
        "Date: x|Server: y|Connection: close|Keep-Alive: 1|Transfer-Encoding: chunked|Content-Length: "
            + "7|Content-Encoding: gzip|Via: z|Age: 3|Trailer: t",
        "",
        ""
    )]
    [InlineData(
        "X-Request-Id: 1|x-correlation-id: 2|Request-Id: 3|traceparent: 4|X-Runtime: 0.1|Server-Timing: db",
        "X-Request-Id: 9",
        ""
    )]
    [InlineData("Strangler-Answer: legacy", "Strangler-Watermark-Age: 0", "")]
    // compared or ignored by a rule, and Content-Type, which always affects the verdict
    [InlineData("X-Compared: 1|X-Ignored: 1|Content-Type: text/plain", "X-IGNORED: 2", "")]
    // with two lines, the empty value is a value
    [InlineData("X-Empty: ", "", "x-empty missing")]
    public void List_TwoAnswers_NamesWhatDiffers(string legacy, string lookup, string expected)
    {
        var rules = new ComparisonRules { Headers = ["x-compared"], IgnoreHeaders = ["x-ignored"] };

        var found = HeaderComparer.List(Answer(legacy), Answer(lookup), rules);

        Assert.Equal(
            expected,
            string.Join(", ", found.Select(header => $"{header.Name} {header.Kind.ToString().ToLowerInvariant()}"))
        );
    }

    [Fact]
    public void List_MoreThanAreKept_IsBounded() =>
        Assert.Equal(
            64,
            HeaderComparer
                .List(
                    Answer(string.Join('|', Enumerable.Range(0, 500).Select(index => $"X-{index}: 1"))),
                    Answer(""),
                    ComparisonRules.Exact
                )
                .Count
        );

    /// <summary>Evidence is about one way of making headers, so that another one starts it over.</summary>
    [Fact]
    public void Hash_RulesAndShapeOfHeaders_ArePartOfIt()
    {
        var rules = ComparisonRules.Exact;

        Assert.NotEqual(rules.Hash, (rules with { IgnoreHeaders = ["vary"] }).Hash);
        Assert.NotEqual((rules with { Headers = ["vary"] }).Hash, (rules with { IgnoreHeaders = ["vary"] }).Hash);
        Assert.NotEqual(rules.Hash, (rules with { AnswerShape = ["vary: Origin"] }).Hash);
        Assert.Equal(
            (rules with { IgnoreHeaders = ["Vary", "age"] }).Hash,
            (rules with { IgnoreHeaders = ["age", "vary"] }).Hash
        );
    }

    private static Answer Answer(string headers) =>
        new(
            200,
            [
                .. headers
                    .Split('|', StringSplitOptions.RemoveEmptyEntries)
                    .Select(header => header.Split(": ", 2))
                    .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
            ],
            default
        );
}
