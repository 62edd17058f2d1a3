using System.CommandLine;
using Strangler.CdcBridge;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler bridge audit</c>: proves that no transaction is missing in the change log.</summary>
internal static class BridgeAuditCommand
{
    public static void AddTo(Command bridge)
    {
        var command = new Command(
            "audit",
            "Proves that the change log lacks no transaction before any that names the one before it, and says how "
                + "many do. Reads the whole log, and changes nothing."
        )
        {
            CommonOptions.Config,
            BridgeConfiguration.Kafka,
            BridgeConfiguration.Worker,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(async cancellationToken =>
            {
                await BridgeAudit.RunAsync(BridgeConfiguration.Read(parsed), Console.WriteLine, cancellationToken);
                return ExitCode.Success;
            })
        );
        bridge.Add(command);
    }
}
