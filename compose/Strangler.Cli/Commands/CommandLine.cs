using System.CommandLine;
using System.CommandLine.Parsing;
using Strangler.Cli.Demo;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Commands;

/// <summary>The command <c>strangler</c>. It composes the rooms and has no logic of its own.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Moves one route at a time from a legacy call graph to a lookup that is kept ready.")
        {
            UpCommand.Create(),
            PartCommands.CreateGateway(),
            PartCommands.CreateBridge(),
            PartCommands.CreateProjections(),
            CheckCommand.Create(),
            MigrateCommand.Create(),
            TokenCommand.Create(),
            RoutesCommand.Create(),
            StageCommands.CreatePromote(),
            StageCommands.CreateRollback(),
            StageCommands.CreateUnfreeze(),
            DismissCommand.Create(),
            ReportCommand.Create(),
            ExplainCommand.Create(),
            GetCommand.Create(),
            DemoCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            var help = $"{NameOf(parsed.CommandResult)} --help";
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(
                    $"{FaultLines.Prefix}{error.Message} '{help}' lists what is available."
                );
            return ExitCode.Fault;
        }
        return await parsed.InvokeAsync(
            new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
        );
    }

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "strangler";
}
