using System.Collections.Concurrent;
using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Strangler.Cli.Up;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler up</c>: runs every part as a child process.</summary>
internal static class UpCommand
{
    private const string Gateway = "gateway";

    /// <summary>
    /// The longest time without a front door after the gateway ends. The other parts only fall behind while they are
    /// down.
    /// </summary>
    private static readonly TimeSpan MaxClosed = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest time for which the check of the configuration may delay the front door. It loads the team's
    /// assemblies, which may take longer; then the parts report what they find.
    /// </summary>
    private static readonly TimeSpan MaxLook = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest time for which the check for another instance may delay the front door, after the check of the
    /// configuration, during which it runs: where that one is slow, this one has longer.
    /// </summary>
    private static readonly TimeSpan MaxLookForAnother = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var command = new Command(
            "up",
            "Runs bridge, projections and gateway, each as a separate process, and restarts those that end. A part "
                + "whose section the configuration doesn't have isn't started."
        )
        {
            CommonOptions.Config,
            CommonOptions.Urls,
            CommonOptions.UntilInputEnds,
        };
        command.SetAction(parsed =>
        {
            var untilInputEnds = parsed.GetValue(CommonOptions.UntilInputEnds);
            return CommandRun.RunAsync(
                server: true,
                untilInputEnds,
                cancellationToken =>
                    RunAsync(
                        parsed.GetRequiredValue(CommonOptions.Config),
                        CommonOptions.WithUrls(
                            parsed,
                            ConfigurationFile.Read(parsed.GetRequiredValue(CommonOptions.Config))
                        ),
                        parsed.GetValue(CommonOptions.Urls),
                        cancellationToken
                    )
            );
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<string> config,
        IConfigurationRoot configuration,
        string? urls,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> files = [.. config.Select(Path.GetFullPath)];
        var enabled = EnabledParts.Of(configuration);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looked = AnotherAsync(configuration, looking.Token);
        var faults = await ConfigurationFaultsAsync(files, urls, cancellationToken);
        looking.CancelAfter(MaxLookForAnother);
        var another = await looked;
        cancellationToken.ThrowIfCancellationRequested();
        if (faults.Count > 0)
        {
            foreach (var fault in faults)
                await Console.Error.WriteLineAsync(fault);
            return ExitCode.Fault;
        }
        SecretFiles.Ensure(configuration);
        FaultLines.Warn(Console.Error, SecretFiles.Warnings(files, configuration));
        if (another is not null)
            FaultLines.Warn(Console.Error, [another]);
        using var lines = new BackgroundLineWriter(Console.Error);
        var parts = PartsOf(enabled.Names, files, urls, Variables());
        await new Supervisor(parts, lines.Say, TimeProvider.System).RunAsync(cancellationToken);
        return ExitCode.Success;
    }

    /// <param name="enabled">The parts' names.</param>
    /// <param name="files">The configuration files.</param>
    /// <param name="urls">Where the gateway serves; null: where the configuration says.</param>
    /// <param name="variables">The names of our environment variables.</param>
    internal static IReadOnlyList<Part> PartsOf(
        IReadOnlyList<string> enabled,
        IReadOnlyList<string> files,
        string? urls,
        IEnumerable<string> variables
    )
    {
        var names = variables.ToList();
        return
        [
            .. enabled.Select(part => new Part(
                part,
                [
                    .. OwnProgram.Command,
                    part,
                    .. Options(files),
                    .. part == Gateway ? UrlsOption(urls) : [],
                    "--until-input-ends",
                ],
                IsTold: part == Gateway
            )
            {
                Variables = PartVariables.For(part, names),
                MaxDelay = part == Gateway ? MaxClosed : null,
            }),
        ];
    }

    private static IEnumerable<string> Options(IReadOnlyList<string> files) =>
        files.SelectMany(file => (string[])["--config", file]);

    private static string[] UrlsOption(string? urls) => urls is null ? [] : ["--urls", urls];

    private static IEnumerable<string> Variables() => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>
    /// Reports that another instance runs with this admin address; null: none does, or it is unknown. It doesn't
    /// prevent the start: the gateway of a killed instance may be about to end. Nor does any other program at the
    /// address.
    /// </summary>
    private static async Task<Fault?> AnotherAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        const string Path = AdminApiAddress.Path;
        try
        {
            if (!Uri.TryCreate(AdminApiAddress.Of(configuration), UriKind.Absolute, out var address))
                return null;
            using var http = AdminAddress.Http();
            http.BaseAddress = address;
            var health = await new AdminClient(http).HealthAsync(cancellationToken); // is sent no token
            // only an 'up' tells a gateway of parts
            return health.Parts.Count == 0
                ? new Fault(Path, $"A gateway serves at '{address}' already.", $"End it, or choose another '{Path}'.")
                : new Fault(
                    Path,
                    $"A gateway serves at '{address}' already, so another 'strangler up' runs with this admin address.",
                    "End one of the two: the parts of this one wait until the other's ports, its slot and its locks "
                        + "in the store are free."
                );
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// The faults of the configuration itself, the only reason for <c>up</c> to end. A separate process checks, because
    /// it loads the team's assemblies: this process must not hold files that a new build replaces.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ConfigurationFaultsAsync(
        IReadOnlyList<string> files,
        string? urls,
        CancellationToken cancellationToken
    )
    {
        var words = new ConcurrentQueue<string>();
        IReadOnlyList<string> command =
        [
            .. OwnProgram.Command,
            "check",
            "--configuration-only",
            .. Options(files),
            .. UrlsOption(urls),
        ];
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
        catch (Exception exception) // out of memory or processes: the parts are retried until they start
        {
            await Console.Error.WriteLineAsync(
                $"{FaultLines.WarningPrefix}The configuration cannot be looked at: {exception.Message}. The parts "
                    + "are started, and each reports what it finds."
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
                    + "s. The parts are started, and each reports what it finds."
            );
            return [];
        }
        return FaultsOf(check.ExitCode, [.. words], files);
    }

    /// <summary>
    /// The lines to show; none: the parts start. If the check itself failed, each part reports what it finds. On a busy
    /// machine a process may be known to have ended before its lines arrive: its exit code decides.
    /// </summary>
    internal static IReadOnlyList<string> FaultsOf(
        int exitCode,
        IReadOnlyList<string> words,
        IReadOnlyList<string> files
    )
    {
        if (exitCode != ExitCode.Fault)
            return [];
        return words.Count > 0
            ? words
            :
            [
                FaultLines.Prefix
                    + new Fault(
                        files[0],
                        "The configuration has faults.",
                        $"Run 'strangler check --configuration-only {string.Join(' ', Options(files))}' to see them."
                    ),
            ];
    }
}
