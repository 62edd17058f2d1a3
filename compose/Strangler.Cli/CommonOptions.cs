using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace Strangler.Cli;

/// <summary>Options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<string[]> Config { get; } =
        new("--config")
        {
            Description = "The configuration file. If it is given several times, later files override earlier ones.",
            HelpName = "FILE",
            DefaultValueFactory = static _ => ["strangler.json"],
        };

    public static Option<string?> Urls { get; } =
        new("--urls")
        {
            Description = "Where the gateway serves, separated by semicolons; else the configuration's Gateway:Urls.",
            HelpName = "URLS",
        };

    /// <summary>The configuration, in which <see cref="Urls"/> overrides everything.</summary>
    public static IConfigurationRoot WithUrls(ParseResult parsed, IConfigurationRoot configuration)
    {
        if (parsed.GetValue(Urls) is { } urls)
            configuration["Gateway:Urls"] = urls;
        return configuration;
    }

    public static Option<string?> Admin { get; } =
        new("--admin")
        {
            Description = "The address of the gateway's admin API; else the configuration's Gateway:Admin.",
            HelpName = "URL",
        };

    /// <summary>The option with which <c>up</c> starts its children.</summary>
    public static Option<bool> UntilInputEnds { get; } =
        new("--until-input-ends") { Description = "End when standard input ends, as under 'strangler up'." };
}
