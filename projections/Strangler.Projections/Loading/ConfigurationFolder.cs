using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace Strangler.Projections.Loading;

/// <summary>The folders that a configuration was read from: its paths are relative to them.</summary>
internal static class ConfigurationFolder
{
    /// <summary>
    /// The folders of the files that the configuration was read from, in descending order of precedence.
    /// </summary>
    public static IEnumerable<string> Of(IConfiguration configuration)
    {
        if (configuration is not IConfigurationRoot root)
            yield break;
        foreach (var provider in root.Providers.Reverse())
        {
            if (
                provider is FileConfigurationProvider
                {
                    Source: { FileProvider: PhysicalFileProvider files, Path: { } path }
                }
            )
                yield return Path.GetDirectoryName(Path.Combine(files.Root, path))!;
            if (provider is not ChainedConfigurationProvider chained)
                continue;
            foreach (var folder in Of(chained.Configuration))
                yield return folder;
        }
    }
}
