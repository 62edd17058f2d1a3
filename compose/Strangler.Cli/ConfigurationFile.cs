using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>Reads <c>strangler.json</c>; environment variables such as <c>STRANGLER__Store__ConnectionString</c> override it.</summary>
internal static class ConfigurationFile
{
    private const string DefaultTokenFile = "strangler.tokens";

    /// <summary>The configuration; its file of tokens, beside it unless it names another, is an absolute path.</summary>
    /// <exception cref="FaultException">The file is absent, may not be read, or is not JSON.</exception>
    public static IConfigurationRoot Read(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw Fault(full, "It is a folder.", "Name the file in it with --config.");
        if (!File.Exists(full)) throw Fault(full, "There is no such file.", "Name the configuration with --config.");
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create<string, string?>(AdminTokenFile.Path, DefaultTokenFile)])
                .AddJsonFile(full, optional: false, reloadOnChange: false)
                .AddEnvironmentVariables("STRANGLER__")
                .Build();
            var tokens = configuration[AdminTokenFile.Path] is { Length: > 0 } given ? given : DefaultTokenFile;
            configuration[AdminTokenFile.Path] = Path.GetFullPath(tokens, Path.GetDirectoryName(full)!);
            return configuration;
        }
        catch (InvalidDataException exception)
        {
            // The parser's own sentence, with line and column, lies innermost.
            throw Fault(full, $"It is not a configuration in JSON: {exception.GetBaseException().Message.TrimEnd('.')}.", "Correct it there.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Fault(full, "It may not be read.", "Let this user read it.", exception);
        }
    }

    private static FaultException Fault(string path, string problem, string wayOut, Exception? cause = null) => new(new Fault(path, problem, wayOut), cause);
}
