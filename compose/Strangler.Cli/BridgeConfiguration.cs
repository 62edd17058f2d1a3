using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge;
using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>
/// What <c>strangler bridge</c> reads: <c>strangler.json</c>, or the JSON file of a Debezium connector, and the
/// properties of a Kafka Connect worker.
/// </summary>
internal static class BridgeConfiguration
{
    private const string Servers = "bootstrap.servers";

    /// <param name="config">The configuration file, of either kind.</param>
    /// <param name="worker">The worker's file; null for none.</param>
    /// <param name="kafka">The brokers, in place of those that a file names; null for these.</param>
    /// <exception cref="FaultException">A file doesn't exist, may not be read, or is malformed.</exception>
    public static IConfigurationRoot Read(string config, string? worker, string? kafka)
    {
        var full = Path.GetFullPath(config);
        var configuration =
            File.Exists(full) && ConnectorConfiguration.IsConnector(full)
                ? new ConfigurationBuilder()
                    .AddInMemoryCollection(ConnectorConfiguration.Source(full))
                    .AddEnvironmentVariables("STRANGLER__")
                    .Build()
                : ConfigurationFile.Read(config);
        if (worker is not null)
        {
            foreach (var (key, value) in ConnectorConfiguration.Worker(Path.GetFullPath(worker)))
                configuration[key] = value;
        }
        if (kafka is not null)
            SetServers(configuration, kafka);
        return configuration;
    }

    /// <summary>A producer may have brokers of its own, which the option replaces as well.</summary>
    private static void SetServers(IConfiguration configuration, string kafka)
    {
        configuration[$"Kafka:{Servers}"] = kafka;
        foreach (var key in new[] { $"Kafka:producer.{Servers}", $"Source:producer.override.{Servers}" })
        {
            if (configuration[key] is not null)
                configuration[key] = kafka;
        }
    }
}
