using System.CommandLine;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary>
/// <c>strangler promote</c> and <c>strangler rollback</c>: change a route's stage, without a restart.
/// </summary>
internal static class StageCommands
{
    private const string Forward = "lookup";
    private const string Back = "legacy";

    private static readonly Argument<string> Route = new("ROUTE")
    {
        Description = "The route's id in the configuration.",
    };
    private static readonly Option<string?> Why = new("--why")
    {
        Description = "The reason, which is kept with who and when.",
        HelpName = "TEXT",
    };
    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Bypass the gate, whatever the evidence says. This is recorded forever, with the reason.",
    };
    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "Why the gate is bypassed.",
        HelpName = "TEXT",
    };
    private static readonly Option<string> To = new("--to")
    {
        Description = "The stage.",
        HelpName = "STAGE",
        DefaultValueFactory = static _ => Forward,
    };

    public static Command CreatePromote()
    {
        var command = new Command(
            "promote",
            "Takes a route forward to a stage, if its projection is ready and its evidence is enough. To lookup, "
                + "comparisons that are under way are waited for first."
        )
        {
            Route,
            To,
            Why,
            Force,
            Reason,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.Validators.Add(result =>
        {
            var reason = result.GetValue(Reason);
            if (result.GetValue(Force) && string.IsNullOrWhiteSpace(reason))
                result.AddError("--force needs --reason TEXT: why is the gate bypassed?");
            if (!result.GetValue(Force) && reason is not null)
                result.AddError("--reason belongs to --force; without it give the reason with --why.");
        });
        command.SetAction(parsed =>
            parsed.GetValue(Force)
                ? ForceAsync(parsed)
                : ChangeAsync(parsed, parsed.GetRequiredValue(To), "promoted by hand")
        );
        return command;
    }

    public static Command CreateRollback()
    {
        var command = new Command("rollback", "Gives a route back to the call graph at once.")
        {
            Route,
            Why,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.SetAction(parsed => ChangeAsync(parsed, Back, "rolled back by hand"));
        return command;
    }

    public static Command CreateUnfreeze()
    {
        var reason = new Option<string>("--reason")
        {
            Description = "Why it may be promoted again, which is kept with who and when.",
            HelpName = "TEXT",
            Required = true,
        };
        var command = new Command("unfreeze", "Lets a route be promoted again that its guard has frozen.")
        {
            Route,
            reason,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                AdminAddress.WithClientAsync(
                    parsed,
                    async client =>
                    {
                        var route = await client.UnfreezeAsync(
                            parsed.GetRequiredValue(Route),
                            parsed.GetRequiredValue(reason),
                            cancellationToken
                        );
                        Console.WriteLine(
                            $"Route '{route.Route}' may be promoted again; it is in stage '{route.Stage}'."
                        );
                    }
                )
            )
        );
        return command;
    }

    private static Task<int> ChangeAsync(ParseResult parsed, string stage, string reason) =>
        CommandRun.OnceAsync(cancellationToken =>
            AdminAddress.WithClientAsync(
                parsed,
                async client =>
                    Say(
                        await client.ChangeStageAsync(
                            parsed.GetRequiredValue(Route),
                            stage,
                            Environment.UserName,
                            parsed.GetValue(Why) ?? reason,
                            cancellationToken
                        )
                    )
            )
        );

    private static Task<int> ForceAsync(ParseResult parsed) =>
        CommandRun.OnceAsync(cancellationToken =>
            AdminAddress.WithClientAsync(
                parsed,
                async client =>
                    Say(
                        await client.ForceStageAsync(
                            parsed.GetRequiredValue(Route),
                            parsed.GetRequiredValue(To),
                            Environment.UserName,
                            parsed.GetRequiredValue(Reason)!,
                            cancellationToken
                        )
                    )
            )
        );

    private static void Say(RouteReport route)
    {
        Console.WriteLine($"Route '{route.Route}' is in stage '{route.Stage}' now.");
        if (route.Note is { } note)
            Console.WriteLine(note);
    }
}
