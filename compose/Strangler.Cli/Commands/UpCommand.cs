using System.Collections.Concurrent;
using System.CommandLine;
using Strangler.Cli.Up;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler up</c>: every part as a child process of its own.</summary>
internal static class UpCommand
{
    private const string Gateway = "gateway";
    /// <summary>How long the door stays closed at most after the gateway's end. The others only fall behind while they rest.</summary>
    private static readonly TimeSpan MaxClosed = TimeSpan.FromSeconds(2);

    private static readonly string[] Parts = ["bridge", "projections", Gateway];

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
        var configuration = ConfigurationFile.Read(config); // said here once, not by each part
        var file = Path.GetFullPath(config);
        if (await ConfigurationFaultsAsync(file, cancellationToken) is [_, ..] faults)
        {
            foreach (var fault in faults) await Console.Error.WriteLineAsync(fault);
            return ExitCode.Fault;
        }
        AdminToken.Ensure(configuration);
        FaultLines.Warn(Console.Error, SecretFiles.Warnings(file, configuration));
        using var lines = new SaidLines(Console.Error);
        await new Supervisor(PartsOf(file, Variables()), lines.Say, TimeProvider.System).RunAsync(cancellationToken);
        return ExitCode.Success;
    }

    /// <param name="file">The configuration's.</param>
    /// <param name="variables">The names of our environment's.</param>
    internal static IReadOnlyList<Part> PartsOf(string file, IEnumerable<string> variables)
    {
        var names = variables.ToList();
        return [.. Parts.Select(part => new Part(part, [.. OwnProgram.Command, part, "--config", file, "--until-input-ends"], IsTold: part == Gateway)
        {
            Variables = PartVariables.For(part, names),
            MaxDelay = part == Gateway ? MaxClosed : null,
        })];
    }

    private static IEnumerable<string> Variables() => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>
    /// What is wrong with the configuration itself, the only thing that ends <c>up</c>. A process of its own looks, since it loads the team's assemblies: this one must not hold files that a new build replaces.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ConfigurationFaultsAsync(string file, CancellationToken cancellationToken)
    {
        var words = new ConcurrentQueue<string>();
        IReadOnlyList<string> command = [.. OwnProgram.Command, "check", "--configuration-only", "--config", file];
        using var check = LineProcess.Start(command, new Dictionary<string, string?>(), null, (error, line) =>
        {
            if (error) words.Enqueue(line);
        }, TimeProvider.System);
        await check.WaitForExitAsync(cancellationToken);
        return check.ExitCode == ExitCode.Fault ? [.. words] : []; // where the look itself fails, each part says what it finds
    }
}
