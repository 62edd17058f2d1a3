using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Callers;

/// <summary>A route whose key is what the caller's credentials say: nobody can ask for another's document.</summary>
public sealed class ClaimKeyTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:";
    private const string Name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookup_KeyIsAClaim_IsTheCallersOwn()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "lookup",
            start: false
        );
        foreach (var key in (string[])["7", "8"])
            setup.Answers.Put(key, $$"""{"sku":{{key}}}""");
        await setup.StartGatewayAsync(
            "lookup",
            ("Authentication:Schemes:ApiKey:Keys:7:Value", "0123456789abcde7"),
            ("Authentication:Schemes:ApiKey:Keys:8:Value", "0123456789abcde8"),
            ("Authorization:Policies:known:Schemes:0", "ApiKey"),
            (Route + "AuthorizationPolicy", "known"),
            (Route + "Strangler:Anonymous", null),
            (Route + "Strangler:Key", $"claim:{Name}")
        );

        Assert.Equal("401 ", await AskAsync(setup, null));
        Assert.Equal("""200 {"sku":7}""", await AskAsync(setup, "0123456789abcde7"));
        Assert.Equal("""200 {"sku":8}""", await AskAsync(setup, "0123456789abcde8"));
        Assert.Empty(setup.Upstream.Asked);
    }

    private static async Task<string> AskAsync(GatewaySetup setup, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/items/9/availability");
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        using var answer = await setup.Client.SendAsync(request, Cancellation);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}";
    }
}
