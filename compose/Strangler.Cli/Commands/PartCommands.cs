using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Strangler.CdcBridge;
using Strangler.CdcBridge.Telemetry;
using Strangler.Cli.Telemetry;
using Strangler.Foundation.Cultures;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Hosting;
using Strangler.Projections;

namespace Strangler.Cli.Commands;

/// <summary>
/// <c>strangler bridge</c>, <c>projections</c> and <c>gateway</c>: one part each, until it is asked to stop.
/// </summary>
internal static class PartCommands
{
    private static readonly Option<bool> Resnapshot = new("--resnapshot")
    {
        Description =
            "Ask for a new snapshot, as after a lost slot, and end when it has been taken, by the running bridge or "
            + "here: what the log holds is kept, a new epoch begins.",
    };

    public static Command CreateBridge()
    {
        var command = Create("bridge", "Turns the legacy database's changes into events of the change log.");
        command.Add(Resnapshot);
        command.Add(BridgeConfiguration.Kafka);
        command.Add(BridgeConfiguration.Worker);
        BridgeDropCommand.AddTo(command);
        BridgeAuditCommand.AddTo(command);
        Run(
            command,
            "bridge",
            BridgeConfiguration.Read,
            async (parsed, configuration, logs, cancellationToken) =>
            {
                using var monitor = new BridgeMonitor();
                // a running bridge may have the address, and this command ends soon
                await using var served = parsed.GetValue(Resnapshot)
                    ? null
                    : MetricsServer.Start(
                        configuration,
                        "Bridge",
                        (endpoints, isLoopback) => endpoints.MapHealth(monitor, hasDetails: isLoopback),
                        logs
                    );
                using var ended = new CancellationTokenSource();
                var shown = SnapshotDisplay.Of(monitor, logs).RunAsync(ended.Token);
                try
                {
                    if (parsed.GetValue(Resnapshot))
                        await NewSnapshot.TakeAsync(
                            configuration,
                            monitor,
                            logs,
                            line => Console.Error.WriteLine(line),
                            cancellationToken
                        );
                    else
                        await BridgePart.RunAsync(configuration, monitor, logs, cancellationToken);
                }
                finally
                {
                    await ended.CancelAsync();
                    await shown;
                }
                return ExitCode.Success;
            }
        );
        return command;
    }

    public static Command CreateProjections()
    {
        var command = Create("projections", "Keeps the documents up to date with the change log's events.");
        Run(
            command,
            "projections",
            FromFile,
            async (_, configuration, logs, cancellationToken) =>
            {
                await using var served = MetricsServer.Start(configuration, "Projections", map: null, logs);
                return await ProjectionsPart.RunAsync(configuration, logs, cancellationToken);
            }
        );
        return command;
    }

    public static Command CreateGateway()
    {
        var command = Create("gateway", "Runs in front of the legacy system and answers each route by its stage.");
        command.Add(CommonOptions.Urls);
        var parts = new PartStates();
        ConfigurationWatch? watch = null;
        Run(
            command,
            "gateway",
            parsed =>
            {
                watch = new ConfigurationWatch(
                    parsed.GetRequiredValue(CommonOptions.Config),
                    () => CommonOptions.WithUrls(parsed, FromFile(parsed)),
                    TimeProvider.System
                );
                return CommonOptions.WithUrls(parsed, FromFile(parsed));
            },
            async (_, configuration, logs, cancellationToken) =>
            {
                var changes = watch!.ChangesAsync(CancellationToken.None);
                await using var served = MetricsServer.Start(configuration, "Gateway", map: null, logs);
                await GatewayHost.RunAsync(
                    configuration,
                    parts,
                    changes,
                    logs,
                    faults => FaultLines.Write(Console.Error, faults),
                    cancellationToken
                );
                return ExitCode.Success;
            },
            parts.Hear
        );
        return command;
    }

    private static Command Create(string name, string description) =>
        new(name, description) { CommonOptions.Config, CommonOptions.UntilInputEnds };

    private static IConfigurationRoot FromFile(ParseResult parsed) =>
        ConfigurationFile.Read(parsed.GetRequiredValue(CommonOptions.Config));

    private static void Run(
        Command command,
        string part,
        Func<ParseResult, IConfigurationRoot> read,
        Func<ParseResult, IConfiguration, ILoggerFactory, CancellationToken, Task<int>> run,
        Action<string>? heard = null
    ) =>
        command.SetAction(parsed =>
            CommandRun.RunAsync(
                server: true,
                parsed.GetValue(CommonOptions.UntilInputEnds),
                async cancellationToken =>
                {
                    var configuration = read(parsed);
                    // Under 'up' it is reported once, by 'up'.
                    if (!parsed.GetValue(CommonOptions.UntilInputEnds))
                        FaultLines.Warn(
                            Console.Error,
                            SecretFiles.Warnings(parsed.GetRequiredValue(CommonOptions.Config), configuration)
                        );
                    using var telemetry = OtlpExport.Start(part);
                    using var logs = ConsoleLoggerFactory.Create(configuration);
                    logs.CreateLogger("Strangler").Begins(part, CultureData.Name);
                    return await run(parsed, configuration, logs, cancellationToken);
                },
                heard
            )
        );
}
