using Strangler.Foundation.Processes;

namespace Strangler.Cli;

/// <summary>How to start this program again.</summary>
internal static class OwnProgram
{
    public static IReadOnlyList<string> Command { get; } =
        DotnetProgram.Command(Path.Combine(AppContext.BaseDirectory, "strangler.dll"));
}
