using System.CommandLine;
using Strangler.CdcBridge;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler bridge drop</c>: removes what a bridge has created in the legacy database.</summary>
internal static class BridgeDropCommand
{
    private static readonly Option<bool> Yes = new("--yes") { Description = "Don't ask." };

    private static readonly Option<bool> Publication = new("--publication")
    {
        Description = "Remove the publication even if it isn't one that the bridge created.",
    };

    public static void AddTo(Command bridge)
    {
        var command = new Command(
            "drop",
            "Removes the slot and the publication of a bridge that is given up from the legacy database. What the log "
                + "and the store hold stays."
        )
        {
            CommonOptions.Config,
            Publication,
            Yes,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(async cancellationToken =>
            {
                await BridgeRemoval.RunAsync(
                    BridgeConfiguration.Read(parsed.GetRequiredValue(CommonOptions.Config), null, null),
                    parsed.GetValue(Publication),
                    parsed.GetValue(Yes) ? static (_, _) => Task.FromResult(true) : AskAsync,
                    Console.WriteLine,
                    cancellationToken
                );
                return ExitCode.Success;
            })
        );
        bridge.Add(command);
    }

    private static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
            throw new FaultException(
                new Fault("--yes", $"Nobody is at a terminal to answer: {question}", "Answer it with --yes.")
            );
        await Console.Error.WriteAsync($"{question} [y/N] ");
        // a reading of the terminal can't be cancelled; it ends with the process
        var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
