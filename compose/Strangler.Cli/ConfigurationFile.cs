using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Strangler.Foundation.Faults;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
using Strangler.Projections.Configuration;

namespace Strangler.Cli;

/// <summary>
/// Reads the configuration by ASP.NET Core's conventions. What is read later overrides: 1. variables that begin with
/// <c>ASPNETCORE_</c> and <c>DOTNET_</c>; 2. each file, followed by the one for the environment
/// (<c>strangler.Staging.json</c>), if that exists; 3. variables such as <c>Store__ConnectionString</c>; 4. the same
/// with <c>STRANGLER__</c> before it; 5. what the command line sets.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>Our own files next to the configuration, unless it names others.</summary>
    private static readonly (string Setting, string Name)[] OwnFiles =
    [
        (AdminTokenFile.Path, AdminTokenFile.DefaultName),
        (MomentsSecret.Path, MomentsSecret.DefaultName),
    ];

    /// <summary>The configuration; the paths of its secret files are absolute.</summary>
    /// <param name="files">At least one file. The folder of the first is the one that relative paths begin at.</param>
    /// <exception cref="FaultException">A file doesn't exist, may not be read, or is not JSON.</exception>
    public static IConfigurationRoot Read(IReadOnlyList<string> files) => Read(files, [], []);

    /// <param name="files">At least one file.</param>
    /// <param name="second">Values that override the files', and that environment variables override.</param>
    /// <param name="last">Values that override everything.</param>
    /// <exception cref="FaultException">A file doesn't exist, may not be read, or is not JSON.</exception>
    public static IConfigurationRoot Read(
        IReadOnlyList<string> files,
        IEnumerable<KeyValuePair<string, string?>> second,
        IEnumerable<KeyValuePair<string, string?>> last
    )
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(files[0]))!;
        var builder = new ConfigurationBuilder()
            .AddInMemoryCollection([new(WebHostDefaults.ContentRootKey, folder)])
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_");
        foreach (var file in WithEnvironment(files))
        {
            Require(file);
            builder.AddJsonFile(file, optional: false, reloadOnChange: false);
        }
        var configuration = builder
            .AddInMemoryCollection(second)
            .AddEnvironmentVariables()
            .AddEnvironmentVariables("STRANGLER__")
            .AddInMemoryCollection(last)
            .Build();
        foreach (var (setting, name) in OwnFiles)
        {
            configuration[setting] = Path.GetFullPath(
                configuration[setting] is { Length: > 0 } given ? given : name,
                folder
            );
        }
        if (configuration[GatewayCheck.StagesFile] is { Length: > 0 } stages)
            configuration[GatewayCheck.StagesFile] = Path.GetFullPath(stages, folder);
        return configuration;
    }

    /// <summary>The absolute paths of all files that are read, in their order.</summary>
    public static IReadOnlyList<string> WithEnvironment(IReadOnlyList<string> files)
    {
        var environment =
            Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environments.Production;
        return
        [
            .. files
                .Select(Path.GetFullPath)
                .SelectMany(file => (string[])[file, Path.ChangeExtension(file, environment + Path.GetExtension(file))])
                .Where((file, index) => index % 2 == 0 || File.Exists(file)),
        ];
    }

    /// <summary>
    /// Tells of each file what is wrong with it. Its values aren't taken from here: a configuration within another one
    /// loses those that are empty.
    /// </summary>
    private static void Require(string file)
    {
        if (Directory.Exists(file))
            throw Fault(file, "It is a folder.", "Name the file in it with --config.");
        if (!File.Exists(file))
            throw Fault(file, "The file doesn't exist.", "Name the configuration with --config.");
        try
        {
            new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
        }
        catch (InvalidDataException exception)
        {
            // The parser's own error is innermost. Its message may hold a piece of the file, with a secret in it.
            var why = exception.GetBaseException() is JsonException { LineNumber: { } line } json
                ? Invariant($"line {line + 1}, column {json.BytePositionInLine + 1} can't be read")
                : exception.GetBaseException().Message.TrimEnd('.');
            throw Fault(file, $"It is not a configuration in JSON: {why}.", "Correct it there.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Fault(file, "It may not be read.", "Let this user read it.", exception);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static FaultException Fault(string path, string problem, string wayOut, Exception? cause = null) =>
        new(new Fault(path, problem, wayOut), cause);
}
