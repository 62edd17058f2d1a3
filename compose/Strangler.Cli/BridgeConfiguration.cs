using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge;
using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>
/// What <c>strangler bridge</c> reads: <c>strangler.json</c>, or the JSON file of a Debezium connector, and the
/// properties of a Kafka Connect worker. Environment variables override both files, and <c>--kafka</c> overrides all.
/// </summary>
internal static class BridgeConfiguration
{
    private const string Servers = "bootstrap.servers";

    /// <summary>A client may have brokers of its own, which the option replaces as well.</summary>
    private static readonly string[] OfOneClient =
    [
        $"Kafka:producer.{Servers}",
        $"Kafka:consumer.{Servers}",
        $"Kafka:admin.{Servers}",
        $"Source:producer.override.{Servers}",
        $"Source:admin.override.{Servers}",
    ];

    public static Option<string?> Kafka { get; } =
        new("--kafka")
        {
            Description = "Write to Kafka; some of its brokers, separated by commas.",
            HelpName = "HOST:PORT",
        };

    public static Option<string?> Worker { get; } =
        new("--worker")
        {
            Description =
                "The properties file of the Kafka Connect worker that runs the connector: brokers, converters, "
                + "security.",
            HelpName = "FILE",
        };

    /// <exception cref="FaultException">A file doesn't exist, may not be read, or is malformed.</exception>
    public static IConfigurationRoot Read(ParseResult parsed) =>
        Read(parsed.GetRequiredValue(CommonOptions.Config), parsed.GetValue(Worker), parsed.GetValue(Kafka));

    /// <param name="files">The configuration files, or the one of a connector.</param>
    /// <param name="worker">The worker's file; null for none.</param>
    /// <param name="kafka">The brokers, in place of those that a file names; null for these.</param>
    /// <exception cref="FaultException">A file doesn't exist, may not be read, or is malformed.</exception>
    public static IConfigurationRoot Read(IReadOnlyList<string> files, string? worker, string? kafka)
    {
        var full = Path.GetFullPath(files[0]);
        var ofWorker = worker is null
            ? new Dictionary<string, string?>()
            : ConnectorConfiguration.Worker(Path.GetFullPath(worker));
        var configuration =
            files.Count == 1 && File.Exists(full) && ConnectorConfiguration.IsConnector(full)
                ? new ConfigurationBuilder()
                    .AddInMemoryCollection(ConnectorConfiguration.Source(full))
                    .AddInMemoryCollection(ofWorker)
                    .AddEnvironmentVariables("STRANGLER__")
                    .Build()
                : ConfigurationFile.Read(files, ofWorker, []);
        if (kafka is not null)
            SetServers(configuration, kafka);
        return configuration;
    }

    private static void SetServers(IConfiguration configuration, string kafka)
    {
        configuration[$"Kafka:{Servers}"] = kafka;
        foreach (var key in OfOneClient)
        {
            if (configuration[key] is not null)
                configuration[key] = kafka;
        }
    }
}
