using System.CommandLine;

namespace Strangler.Cli;

/// <summary>Options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<string> Config { get; } =
        new("--config")
        {
            Description = "The configuration file.",
            HelpName = "FILE",
            DefaultValueFactory = static _ => "strangler.json",
        };

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
