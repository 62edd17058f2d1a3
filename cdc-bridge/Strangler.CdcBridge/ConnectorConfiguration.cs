using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Secrets;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Files;

namespace Strangler.CdcBridge;

/// <summary>
/// Reads the files of a team that runs Debezium: a connector's JSON and a Kafka Connect worker's properties. They
/// become the sections <c>Source</c> and <c>Kafka</c> of a configuration.
/// </summary>
public static class ConnectorConfiguration
{
    /// <summary>Whether a file that exists is a connector's, and not one of Strangler's own.</summary>
    /// <exception cref="FaultException">It can't be read.</exception>
    public static bool IsConnector(string path) => ConnectorFile.Is(TextFile.Require(path, System.Text.Encoding.UTF8));

    /// <summary>The section <c>Source</c>: the connector's properties, in the connector's own format.</summary>
    /// <exception cref="FaultException">Lists everything that is wrong with the file.</exception>
    public static IReadOnlyDictionary<string, string?> Source(string path)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Source:event.format"] = "debezium-3.6",
        };
        foreach (var (name, value) in ConnectorFile.Parse(TextFile.Require(path, System.Text.Encoding.UTF8), path))
            values[$"Source:{name}"] = value;
        return values;
    }

    /// <summary>The section <c>Kafka</c>: the worker's properties. Java reads such a file as Latin-1.</summary>
    /// <exception cref="FaultException">The file can't be read, or is not a file of properties.</exception>
    public static IReadOnlyDictionary<string, string?> Worker(string path)
    {
        var text = TextFile.Require(path, System.Text.Encoding.Latin1);
        try
        {
            var properties = PropertiesFile.Parse(text);
            if (properties.Keys.CountBy(name => name, StringComparer.OrdinalIgnoreCase).Any(name => name.Value > 1))
                throw new FormatException("a property is written twice, in upper and lower case");
            return properties.ToDictionary(pair => $"Kafka:{pair.Key}", pair => (string?)pair.Value);
        }
        catch (FormatException exception)
        {
            throw new FaultException(
                new Fault(path, $"It is not a file of properties: {exception.Message}.", "Correct it there."),
                exception
            );
        }
    }
}
