using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>The configuration of a connector that works, with changes.</summary>
internal static class ConnectorProperties
{
    private static readonly Dictionary<string, string?> Valid = new()
    {
        ["Source:event.format"] = "debezium-3.6",
        ["Source:connector.class"] = "io.debezium.connector.postgresql.PostgresConnector",
        ["Source:topic.prefix"] = "shop",
        ["Source:plugin.name"] = "pgoutput",
        ["Source:database.hostname"] = "127.0.0.1",
        ["Source:database.user"] = "debezium",
        ["Source:database.dbname"] = "shop",
        ["Kafka:bootstrap.servers"] = "127.0.0.1:9092",
    };

    public static BridgeConfig Read(params (string Name, string? Value)[] changes)
    {
        var (config, faults) = TryRead(changes);
        Assert.Empty(faults);
        return config!;
    }

    public static IReadOnlyList<Fault> FaultsOf(params (string Name, string? Value)[] changes) =>
        TryRead(changes).Faults;

    public static (BridgeConfig? Config, IReadOnlyList<Fault> Faults) TryRead(
        IReadOnlyList<(string Name, string? Value)> changes,
        ISet<string>? asked = null
    )
    {
        var values = new Dictionary<string, string?>(Valid);
        foreach (var (name, value) in changes)
            values[name.Contains(':', StringComparison.Ordinal) ? name : $"Source:{name}"] = value;
        return BridgeConfigReader.TryRead(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), asked);
    }
}
