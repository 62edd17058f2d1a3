using System.CommandLine;
using Strangler.Cli.Up;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler up</c>: every part as a child process of its own.</summary>
internal static class UpCommand
{
    private static readonly string[] Parts = ["bridge", "projections", "gateway"];

    public static Command Create()
    {
        var command = new Command("up", "Runs bridge, projections and gateway, each as a process of its own, and starts again what ends.") { CommonOptions.Config, CommonOptions.UntilInputEnds };
        command.SetAction(parsed =>
        {
            var untilInputEnds = parsed.GetValue(CommonOptions.UntilInputEnds);
            return CommandRun.RunAsync(server: true, untilInputEnds, cancellationToken => RunAsync(parsed.GetRequiredValue(CommonOptions.Config), cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(string config, CancellationToken cancellationToken)
    {
        ConfigurationFile.Read(config); // said here once, not by each part
        var file = Path.GetFullPath(config);
        var parts = Parts.Select(part => new Part(part, [.. OwnProgram.Command, part, "--config", file, "--until-input-ends"])).ToList();
        var end = await new Supervisor(parts, Console.Error.WriteLine, TimeProvider.System).RunAsync(cancellationToken);
        foreach (var fault in end.Faults) await Console.Error.WriteLineAsync(fault);
        return end.Code;
    }
}
