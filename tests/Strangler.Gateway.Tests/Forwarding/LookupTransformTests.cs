using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>Response transforms of a route apply to every answer.</summary>
public sealed class LookupTransformTests(PostgresFixture postgres)
{
    private const string Transforms = "ReverseProxy:Routes:availability:Transforms:";
    private const string NotFound =
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json; charset=utf-8\r\nX-Legacy: 1\r\nContent-Length: "
        + "2\r\n\r\n{}";
    private const string Found =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}";

    [Theory]
    [InlineData("Always", 200, "new")]
    [InlineData("Success", 200, "new")]
    [InlineData("Failure", 200, null)]
    [InlineData("Always", 404, "new")]
    [InlineData("Success", 404, null)]
    [InlineData("Failure", 404, "new")]
    public async Task Answer_WithAHeaderTransform_HasItWhoeverAnswers(string when, int status, string? expected)
    {
        (string, string?)[] settings =
        [
            (Transforms + "0:ResponseHeader", "X-New"),
            (Transforms + "0:Set", "new"),
            (Transforms + "0:When", when),
        ];
        foreach (var stage in new[] { "legacy", "lookup" })
        {
            var (head, _) = await AskAsync(stage, status, settings);

            Assert.Equal((status, expected), (head.Status, head.Value("X-New")));
        }
    }

    [Fact]
    public async Task Answer_WithHeadersRemovedOrAllowed_LacksTheOthersWhoeverAnswers()
    {
        foreach (var stage in new[] { "legacy", "lookup" })
        {
            var (removed, body) = await AskAsync(stage, 200, (Transforms + "0:ResponseHeaderRemove", "Content-Type"));
            var (allowed, _) = await AskAsync(stage, 200, (Transforms + "0:ResponseHeadersAllowed", "X-Other"));
            var (kept, _) = await AskAsync(stage, 200, (Transforms + "0:ResponseHeadersAllowed", "Content-Type"));

            Assert.Equal(
                (null, "{}", null, "application/json; charset=utf-8"),
                (removed.Value("Content-Type"), body, allowed.Value("Content-Type"), kept.Value("Content-Type"))
            );
        }
    }

    private async Task<(RawMessage Head, string Body)> AskAsync(
        string stage,
        int status,
        params (string, string?)[] settings
    )
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(status == 200 ? Found : NotFound),
            stage,
            null,
            settings
        );
        if (status == 200)
            setup.Answers.Put("7", "{}");
        using var connection = await setup.ConnectAsync();
        // On a busy machine, a gateway that has just started may let legacy answer first, so ask until the lookup
        // answers.
        for (var attempt = 1; ; attempt++)
        {
            var before = setup.Upstream.Asked.Count;
            var answer = await connection.AskAsync(
                "GET /api/items/7/availability HTTP/1.1\r\nHost: shop.example\r\n\r\n"
            );
            var isOfLegacy = setup.Upstream.Asked.Count > before;
            if (isOfLegacy == (stage == "legacy"))
                return answer;
            Assert.True(
                attempt < 50,
                $"The stage is '{stage}', and legacy was {(isOfLegacy ? "" : "not ")}asked {attempt} times."
            );
        }
    }
}
