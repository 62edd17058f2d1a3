using Microsoft.Extensions.Configuration;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
using Strangler.Projections.Loading;

namespace Strangler.Hosting;

/// <summary>
/// Strangler's own files in a host: the command finds them beside its configuration, and a host may have several
/// configuration files.
/// </summary>
internal static class HostFiles
{
    public static string AdminTokens(IConfiguration configuration) =>
        Find(configuration, AdminTokenFile.Path, AdminTokenFile.DefaultName);

    public static string MomentsSecret(IConfiguration configuration) =>
        Find(
            configuration,
            Projections.Configuration.MomentsSecret.Path,
            Projections.Configuration.MomentsSecret.DefaultName
        );

    /// <summary>Null if the stages aren't kept.</summary>
    public static string? Stages(IConfiguration configuration) =>
        configuration[GatewayCheck.StagesFile] is { Length: > 0 } name
            ? Find(configuration, GatewayCheck.StagesFile, name)
            : null;

    /// <returns>
    /// The named file, or the one with the default name, beside the configuration file that overrides the others, of
    /// those beside which it exists; else the path at which it is expected.
    /// </returns>
    private static string Find(IConfiguration configuration, string setting, string defaultName)
    {
        var name = configuration[setting] is { Length: > 0 } given ? given : defaultName;
        var places = ConfigurationFolder
            .Of(configuration)
            .DefaultIfEmpty(Directory.GetCurrentDirectory())
            .Select(folder => Path.GetFullPath(name, Path.GetFullPath(folder)))
            .ToList();
        return places.Find(File.Exists) ?? places[0];
    }
}
