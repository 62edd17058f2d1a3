using System.CommandLine;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler dismiss</c>: sets the fault of an example aside, so that the gate doesn't count it.</summary>
internal static class DismissCommand
{
    private static readonly Argument<string> Route = new("ROUTE")
    {
        Description = "The route's id in the configuration.",
    };
    private static readonly Argument<string> Example = new("EXAMPLE")
    {
        Description = "The example's id, as 'strangler report' shows it.",
    };
    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why the fault doesn't count, which is kept with who and when.",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command(
            "dismiss",
            "Sets the fault of an example aside: the same fault of the route isn't held against its gate again. It is "
                + "recorded forever, and shown in the report."
        )
        {
            Route,
            Example,
            Reason,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                AdminAddress.WithClientAsync(
                    parsed,
                    async client =>
                    {
                        var dismissal = await client.DismissAsync(
                            parsed.GetRequiredValue(Route),
                            parsed.GetRequiredValue(Example),
                            parsed.GetRequiredValue(Reason),
                            cancellationToken
                        );
                        Console.WriteLine(
                            $"The gate of route '{parsed.GetRequiredValue(Route)}' doesn't count this fault any more: "
                                + $"{string.Join(", ", dismissal.Paths)} ({dismissal.Cause})."
                        );
                    }
                )
            )
        );
        return command;
    }
}
