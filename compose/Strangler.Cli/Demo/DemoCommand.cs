using System.CommandLine;
using System.Globalization;
using Strangler.Demo.Sample;
using Strangler.Demo.Show;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Demo;

/// <summary><c>strangler demo</c>: the complete path of a route, on this machine, leaving nothing behind.</summary>
internal static class DemoCommand
{
    private const string List = "list";
    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "How long traffic runs.",
        HelpName = "N",
        DefaultValueFactory = static _ => 60,
    };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Continue until Ctrl-C." };
    private static readonly Option<string?> Json = new("--json")
    {
        Description = "Where the summary goes.",
        HelpName = "FILE",
    };
    private static readonly Option<int> Items = new("--items")
    {
        Description = "How many items the shop has.",
        HelpName = "N",
        DefaultValueFactory = static _ => 10_000,
    };
    private static readonly Option<string?> Planted = new("--fault")
    {
        Description =
            "Plants a mistake in the projection of availabilities, to see it being found and kept from customers; "
            + "'list' lists them.",
        HelpName = "NAME",
    };
    private static readonly Option<int> Cache = new("--cache-seconds")
    {
        Description = "How long the legacy system keeps an availability; 0: not at all.",
        HelpName = "N",
        DefaultValueFactory = static _ => 0,
    };

    private static readonly Option<string?> Kafka = new("--kafka")
    {
        Description = "A Kafka broker that holds the change log, in topics of its own, which stay there.",
        HelpName = "HOST:PORT",
    };

    static DemoCommand()
    {
        Seconds.Validators.Add(result => Within(result, 20, 86_400));
        Items.Validators.Add(result => Within(result, 100, 1_000_000));
        Cache.Validators.Add(result => Within(result, 0, 3_600));
    }

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Starts a legacy system with its database, puts traffic on it, compares what it answers with the lookup,"
                + " and takes its routes from one to the other."
        )
        {
            Seconds,
            Keep,
            Json,
            Items,
            Planted,
            Cache,
            Kafka,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(async cancellationToken =>
            {
                var files = SampleFiles.Beside(AppContext.BaseDirectory);
                if (parsed.GetValue(Planted) == List)
                {
                    foreach (var fault in await PlantedFaults.ReadAsync(files, cancellationToken))
                        await Console.Out.WriteLineAsync($"{fault.Name}\t{fault.Wrong}");
                    return ExitCode.Success;
                }
                var options = new DemoOptions(
                    parsed.GetRequiredValue(Seconds),
                    parsed.GetValue(Keep),
                    parsed.GetValue(Json) is { } file ? Path.GetFullPath(file) : null,
                    parsed.GetRequiredValue(Items)
                )
                {
                    Fault = parsed.GetValue(Planted) is { } name
                        ? await PlantedFaults.FindAsync(files, name, cancellationToken)
                        : null,
                    CacheSeconds = parsed.GetRequiredValue(Cache),
                    Kafka = parsed.GetValue(Kafka),
                };
                using var http = AdminAddress.Http();
                await new DemoRun(
                    options,
                    OwnProgram.Command,
                    files,
                    (address, config) =>
                    {
                        AdminToken.Use(http, address, [config]);
                        return new AdminRoutes(http, address);
                    },
                    Terminal.Create(),
                    TimeProvider.System
                ).RunAsync(cancellationToken);
                return ExitCode.Success;
            })
        );
        return command;
    }

    private static void Within(System.CommandLine.Parsing.OptionResult result, int min, int max)
    {
        // The parser reports what is not a number at all.
        if (
            result.Tokens is not [var token]
            || !int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || (value >= min && value <= max)
        )
            return;
        result.AddError($"{result.Option.Name} is a number from {min} to {max}.");
    }
}
