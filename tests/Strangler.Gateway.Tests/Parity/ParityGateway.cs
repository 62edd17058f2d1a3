using Strangler.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>
/// A gateway whose routes differ in nothing but their section <c>Strangler</c>: a request names one in <c>X-Route</c>.
/// </summary>
internal static class ParityGateway
{
    /// <summary>The header that names a route.</summary>
    public const string Header = "X-Route";

    /// <summary>A plain route, and one in each stage in which legacy answers.</summary>
    public static IReadOnlyList<string> Routes { get; } = ["plain", "legacy", "shadow"];

    public static async Task<RunningGateway> StartAsync(
        PostgresFixture postgres,
        string legacy,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = new GatewaySetup { Store = await postgres.CreateDatabaseAsync("parity"), Upstream = null! };
        await setup.MigrateAsync();
        var source = await postgres.CreateDatabaseAsync("paritysource");
        var answers = new FakeAnswers { Verification = await GatewaySetup.VerificationAsync(source) };
        return await GatewayHost.StartAsync(
            GatewaySetup.Configured(
                setup.Store,
                legacy,
                "legacy",
                [
                    ("Gateway:Source", source),
                    .. Routes.SelectMany(Route),
                    ("ReverseProxy:Routes:legacy:Strangler:Stage", "legacy"),
                    ("ReverseProxy:Routes:shadow:Match:Path", "/{sku}/{**rest}"),
                    ("ReverseProxy:Routes:shadow:Strangler:Stage", "shadow"),
                    ("ReverseProxy:Routes:shadow:Strangler:Projection", "ItemAvailability"),
                    ("ReverseProxy:Routes:shadow:Strangler:Key", "{sku}"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:Share", "1"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:PerSecond", "10000"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:Delay", "00:00:00"),
                    ("ReverseProxy:Routes:shadow:Strangler:Shadow:AskAgain:Times", "0"),
                    .. settings,
                ]
            ),
            [new FakeResponder()],
            answers,
            new FakeMoments(),
            new FakeEvidence(),
            null,
            TimeProvider.System,
            TestContext.Current.CancellationToken,
            storePatience: GatewaySetup.Deadline
        );
    }

    private static IEnumerable<(string, string?)> Route(string name) =>
        [
            ($"ReverseProxy:Routes:{name}:ClusterId", "legacy"),
            ($"ReverseProxy:Routes:{name}:Order", "-1"),
            ($"ReverseProxy:Routes:{name}:Match:Path", "/{**rest}"),
            ($"ReverseProxy:Routes:{name}:Match:Headers:0:Name", Header),
            ($"ReverseProxy:Routes:{name}:Match:Headers:0:Values:0", name),
        ];
}
