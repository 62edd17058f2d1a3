using System.CommandLine;
using Strangler.Evidence.Rendering;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler explain</c>: why an example differs.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Id = new("ID")
    {
        Description = "The example's id, as the report names it.",
    };

    public static Command Create()
    {
        var command = new Command(
            "explain",
            "Shows why an example differs: both answers, the rows then, "
                + "and the row change that last touched each field."
        )
        {
            Id,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                AdminAddress.WithClientAsync(
                    parsed,
                    async client =>
                        Console.Out.Write(
                            ExplainText.Write(
                                await client.ExplainAsync(
                                    parsed.GetRequiredValue(Id).ToUpperInvariant(),
                                    cancellationToken
                                )
                            )
                        )
                )
            )
        );
        return command;
    }
}
