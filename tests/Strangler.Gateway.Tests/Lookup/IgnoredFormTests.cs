using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Lookup;

/// <summary>A route whose legacy service answers some forms of a path alike.</summary>
public sealed class IgnoredFormTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Lookup_FormsThatTheRouteIgnores_AreAnswered()
    {
        const string Route = "ReverseProxy:Routes:availability:Strangler:";
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "lookup",
            true,
            (Route + "IgnorePathForms:0", "case"),
            (Route + "IgnorePathForms:1", "trailing-slash")
        );
        setup.Answers.Put("7", """{"sku":7}""");

        foreach (var target in (string[])["/API/Items/7/availability/", "/api/items/7/AVAILABILITY"])
            Assert.Equal(
                "{\"sku\":7}",
                await setup.Client.GetStringAsync(target, TestContext.Current.CancellationToken)
            );
        await setup.Client.GetStringAsync("/API/items/07/availability", TestContext.Current.CancellationToken);

        Assert.Equal("/API/items/07/availability", Assert.Single(setup.Upstream.Asked).Target);
        Assert.Equal(1, setup.Counted("availability", "path-form"));
    }
}
