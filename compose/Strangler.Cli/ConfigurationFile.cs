using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Projections.Configuration;

namespace Strangler.Cli;

/// <summary>
/// Reads <c>strangler.json</c>; environment variables such as <c>STRANGLER__Store__ConnectionString</c> override it.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>Our own files next to the configuration, unless it names others.</summary>
    private static readonly (string Setting, string Name)[] OwnFiles =
    [
        (AdminTokenFile.Path, "strangler.tokens"),
        (MomentsSecret.Path, "strangler.moments"),
    ];

    /// <summary>The configuration; the paths of its secret files are absolute.</summary>
    /// <exception cref="FaultException">The file doesn't exist, may not be read, or is not JSON.</exception>
    public static IConfigurationRoot Read(string path) => Read(path, []);

    /// <param name="path">The file.</param>
    /// <param name="second">Values that override the file's, and that environment variables override.</param>
    /// <exception cref="FaultException">The file doesn't exist, may not be read, or is not JSON.</exception>
    public static IConfigurationRoot Read(string path, IEnumerable<KeyValuePair<string, string?>> second)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw Fault(full, "It is a folder.", "Name the file in it with --config.");
        if (!File.Exists(full))
            throw Fault(full, "The file doesn't exist.", "Name the configuration with --config.");
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(full, optional: false, reloadOnChange: false)
                .AddInMemoryCollection(second)
                .AddEnvironmentVariables("STRANGLER__")
                .Build();
            foreach (var (setting, name) in OwnFiles)
            {
                configuration[setting] = Path.GetFullPath(
                    configuration[setting] is { Length: > 0 } given ? given : name,
                    Path.GetDirectoryName(full)!
                );
            }
            return configuration;
        }
        catch (InvalidDataException exception)
        {
            // The parser's own error is innermost. Its message may hold a piece of the file, with a secret in it.
            var why = exception.GetBaseException() is JsonException { LineNumber: { } line } json
                ? Invariant($"line {line + 1}, column {json.BytePositionInLine + 1} can't be read")
                : exception.GetBaseException().Message.TrimEnd('.');
            throw Fault(full, $"It is not a configuration in JSON: {why}.", "Correct it there.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Fault(full, "It may not be read.", "Let this user read it.", exception);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static FaultException Fault(string path, string problem, string wayOut, Exception? cause = null) =>
        new(new Fault(path, problem, wayOut), cause);
}
