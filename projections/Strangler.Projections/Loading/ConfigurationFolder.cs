using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace Strangler.Projections.Loading;

/// <summary>Where a configuration was read from: paths in it are relative to that folder.</summary>
internal static class ConfigurationFolder
{
    /// <summary>
    /// The folders of the files that the configuration was read from, the one that counts most first.
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
