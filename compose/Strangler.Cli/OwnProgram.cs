using Strangler.Foundation.Processes;

namespace Strangler.Cli;

/// <summary>How we are started once more.</summary>
internal static class OwnProgram
{
    public static IReadOnlyList<string> Command { get; } =
        DotnetProgram.Command(Path.Combine(AppContext.BaseDirectory, "strangler.dll"));
}
