using System.Collections.Concurrent;
using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Strangler.Cli.Up;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler up</c>: every part as a child process of its own.</summary>
internal static class UpCommand
{
    private const string Gateway = "gateway";

    /// <summary>
    /// How long the door stays closed at most after the gateway's end. The others only fall behind while they rest.
    /// </summary>
    private static readonly TimeSpan MaxClosed = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the look at the configuration may hold the door: what it loads of the team's has a limit of its own,
    /// which is shorter.
    /// </summary>
    private static readonly TimeSpan MaxLook = TimeSpan.FromSeconds(15);

    /// <summary>How long the look for another one may hold the door.</summary>
    private static readonly TimeSpan MaxLookForAnother = TimeSpan.FromSeconds(1);

    private static readonly string[] Parts = ["bridge", "projections", Gateway];

    public static Command Create()
    {
        var command = new Command(
            "up",
            "Runs bridge, projections and gateway, each as a process of its own, and starts again what ends."
        )
        {
            CommonOptions.Config,
            CommonOptions.UntilInputEnds,
        };
        command.SetAction(parsed =>
        {
            var untilInputEnds = parsed.GetValue(CommonOptions.UntilInputEnds);
            return CommandRun.RunAsync(
                server: true,
                untilInputEnds,
                cancellationToken => RunAsync(parsed.GetRequiredValue(CommonOptions.Config), cancellationToken)
            );
        });
        return command;
    }

    private static async Task<int> RunAsync(string config, CancellationToken cancellationToken)
    {
        var configuration = ConfigurationFile.Read(config); // said here once, not by each part
        var file = Path.GetFullPath(config);
        if (await ConfigurationFaultsAsync(file, cancellationToken) is [_, ..] faults)
        {
            foreach (var fault in faults)
                await Console.Error.WriteLineAsync(fault);
            return ExitCode.Fault;
        }
        SecretFiles.Ensure(configuration);
        FaultLines.Warn(Console.Error, SecretFiles.Warnings(file, configuration));
        if (await AnotherAsync(configuration, cancellationToken) is { } another)
            FaultLines.Warn(Console.Error, [another]);
        using var lines = new BackgroundLineWriter(Console.Error);
        await new Supervisor(PartsOf(file, Variables()), lines.Say, TimeProvider.System).RunAsync(cancellationToken);
        return ExitCode.Success;
    }

    /// <param name="file">The configuration's.</param>
    /// <param name="variables">The names of our environment's.</param>
    internal static IReadOnlyList<Part> PartsOf(string file, IEnumerable<string> variables)
    {
        var names = variables.ToList();
        return
        [
            .. Parts.Select(part => new Part(
                part,
                [.. OwnProgram.Command, part, "--config", file, "--until-input-ends"],
                IsTold: part == Gateway
            )
            {
                Variables = PartVariables.For(part, names),
                MaxDelay = part == Gateway ? MaxClosed : null,
            }),
        ];
    }

    private static IEnumerable<string> Variables() => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>
    /// Says that another one runs with this configuration; null: none does, or it can't be told. It ends nothing: the
    /// gateway of one that was killed may be about to end.
    /// </summary>
    private static async Task<Fault?> AnotherAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        const string Path = "Gateway:Admin";
        if (!Uri.TryCreate(configuration[Path], UriKind.Absolute, out var address))
            return null;
        using var http = AdminAddress.Http();
        (http.BaseAddress, http.Timeout) = (address, MaxLookForAnother);
        try
        {
            await new AdminClient(http).HealthAsync(cancellationToken); // asks for no token, and is sent none
        }
        catch (FaultException)
        {
            return null;
        }
        return new Fault(
            Path,
            $"A gateway serves at '{address}' already, so another 'strangler up' runs with this configuration.",
            "End one of the two: the parts of this one wait until the other's ports and its slot are free."
        );
    }

    /// <summary>
    /// What is wrong with the configuration itself, the only thing that ends <c>up</c>. A process of its own looks,
    /// since it loads the team's assemblies: this one must not hold files that a new build replaces.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ConfigurationFaultsAsync(
        string file,
        CancellationToken cancellationToken
    )
    {
        var words = new ConcurrentQueue<string>();
        IReadOnlyList<string> command = [.. OwnProgram.Command, "check", "--configuration-only", "--config", file];
        LineProcess started;
        try
        {
            started = LineProcess.Start(
                command,
                new Dictionary<string, string?>(),
                null,
                (error, line) =>
                {
                    if (error)
                        words.Enqueue(line);
                },
                TimeProvider.System
            );
        }
        catch (Exception exception) // no memory, no processes: the parts are tried until there are
        {
            await Console.Error.WriteLineAsync(
                $"{FaultLines.WarningPrefix}The configuration cannot be looked at: {exception.Message}. The parts "
                    + "are started, and each says what it finds."
            );
            return [];
        }
        using var check = started;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MaxLook);
        try
        {
            await check.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await check.KillAsync();
            cancellationToken.ThrowIfCancellationRequested();
            await Console.Error.WriteLineAsync(
                $"{FaultLines.WarningPrefix}Looking at the configuration did not end within {MaxLook.TotalSeconds:0} "
                    + "s. The parts are started, and each says what it finds."
            );
            return [];
        }
        // where the look itself fails, each part says what it finds
        return check.ExitCode == ExitCode.Fault ? [.. words] : [];
    }
}
