using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Store;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
using Strangler.Projections.Configuration;

namespace Strangler.Cli;

/// <summary>The parts whose sections a configuration has. What isn't configured isn't needed.</summary>
/// <param name="HasBridge">Whether it has a section <c>Source</c>.</param>
/// <param name="HasProjections">Whether it has a section <c>Projections</c>.</param>
/// <param name="HasGateway">Whether it has a section <c>ReverseProxy</c> or <c>Gateway</c>.</param>
/// <param name="NeedsDocuments">Whether a route names a projection.</param>
/// <param name="HasStore">Whether it names a store.</param>
internal sealed record EnabledParts(
    bool HasBridge,
    bool HasProjections,
    bool HasGateway,
    bool NeedsDocuments,
    bool HasStore
)
{
    /// <summary>Whether a part writes or reads the store, or the configuration names one.</summary>
    public bool UsesStore => HasBridge || HasProjections || NeedsDocuments || HasStore;

    /// <summary>The names of their commands.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. HasBridge ? ["bridge"] : (string[])[],
            .. HasProjections ? ["projections"] : (string[])[],
            .. HasGateway ? ["gateway"] : (string[])[],
        ];

    public static EnabledParts Of(IConfiguration configuration) =>
        new(
            HasMember(configuration, "Source"),
            HasMember(configuration, "Projections"),
            HasMember(configuration, "ReverseProxy") || HasMember(configuration, "Gateway"),
            GatewayCheck.NeedsDocuments(configuration),
            configuration[StoreSection.Path] is { Length: > 0 }
        );

    /// <summary>A section's own value doesn't count, since a variable of any program may have its name.</summary>
    private static bool HasMember(IConfiguration configuration, string section) =>
        configuration
            .GetSection(section)
            .GetChildren()
            .Any(member => !IsAlike(member.Path, AdminTokenFile.Path) && !IsAlike(member.Path, MomentsSecret.Path));

    /// <summary>These two have a value in every configuration that was read from a file.</summary>
    private static bool IsAlike(string path, string other) => path.Equals(other, StringComparison.OrdinalIgnoreCase);
}
