using System.Net;
using Strangler.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Strangler.Gateway.Tests;

public sealed class ServingTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Serve_StageLegacy_IsAnsweredByTheCallGraph()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());
        setup.Answers.Put("7", """{"sku":7}""");

        var answer = await setup.Client.GetStringAsync(
            "/api/items/7/availability?area=1",
            TestContext.Current.CancellationToken
        );

        Assert.Equal("legacy /api/items/7/availability?area=1", answer);
        Assert.Empty(setup.Answers.Asked);
    }

    [Fact]
    public async Task Serve_StageLookup_IsAnsweredFromTheDocument()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), "lookup");
        setup.Answers.Put("7", """{"sku":7}""");

        using var response = await setup.Client.GetAsync(
            "/api/items/7/availability?area=1",
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"sku":7}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Empty(setup.Upstream.Asked);
    }
}
