using System.CommandLine;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler token</c>: an admin API token for a person.</summary>
internal static class TokenCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "Whom it is for. Changes made with it are recorded under this name.",
    };

    public static Command Create()
    {
        var command = new Command(
            "token",
            "Makes a token of the admin API for a person, who sets STRANGLER_ADMIN_TOKEN to it. A running gateway "
                + "takes it at once."
        )
        {
            Name,
            CommonOptions.Config,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(_ =>
            {
                var configuration = ConfigurationFile.Read(parsed.GetRequiredValue(CommonOptions.Config));
                Console.WriteLine(
                    AdminTokenFile.Add(configuration[AdminTokenFile.Path]!, parsed.GetRequiredValue(Name))
                );
                return Task.FromResult(ExitCode.Success);
            })
        );
        return command;
    }
}
