using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge;
using Strangler.Foundation.Faults;
using Strangler.Gateway;
using Strangler.Projections;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>
/// Settings that the client can't combine are a fault of the configuration, and not of the part that is started with
/// them.
/// </summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("Minimum Pool Size=9;Maximum Pool Size=3", "Pool Size")]
    [InlineData("Multiplexing=true;Pooling=false", "Pooling")]
    public void Check_SettingsThatTheClientCannotTake_AreAFaultInEveryRoom(string settings, string word)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = $"Host=127.0.0.1;Username=u;Password=QXZQ;Database=d;{settings}",
                    ["ReverseProxy:Routes:item:Strangler:Projection"] = "Item",
                }
            )
            .Build();

        IEnumerable<(string Room, IEnumerable<Fault> Faults)> rooms =
        [
            ("bridge", BridgeCheck.Check(configuration)),
            ("projections", ProjectionsCheck.Check(configuration)),
            ("gateway", GatewayCheck.Check(configuration, null)),
        ];

        Assert.All(
            rooms,
            room =>
            {
                var fault = Assert.Single(room.Faults, fault => fault.Path == "Store:ConnectionString");
                Assert.Contains(word, fault.Problem, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("QXZQ", $"{fault}", StringComparison.Ordinal);
            }
        );
    }
}
