using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge;

/// <summary>
/// The part of Strangler that reads the source: <c>strangler bridge</c>. One runs at a time; another one waits until it
/// ends. A new snapshot that a person requests is taken without a restart.
/// </summary>
public static class BridgePart
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="monitor">Is told what the bridge does.</param>
    /// <param name="logs">Where it logs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FaultException">A person has to fix something. Nothing that the log has is lost.</exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    )
    {
        var config = BridgeConfigReader.Read(configuration);
        await WatchedRun.RunAsync(
            config,
            new BridgeTimings(),
            monitor,
            logs,
            TimeProvider.System,
            (slots, token) =>
                config.Store.Length == 0
                    // A connector without a store: its slot says that it is the only one, and nobody can ask it for a
                    // snapshot.
                    ? Bridge.RunAsync(configuration, monitor, slots, logs, token)
                    : RunInTurnAsync(configuration, config, monitor, slots, logs, token),
            cancellationToken
        );
    }

    private static async Task RunInTurnAsync(
        IConfiguration configuration,
        BridgeConfig config,
        BridgeMonitor monitor,
        SlotWatch slots,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    )
    {
        var (logger, time) = (logs.CreateLogger("Strangler.CdcBridge"), TimeProvider.System);
        await using var store = NpgsqlDataSource.Create(config.Store);
        await using var held = new StoreLock(config.Store, "bridge", config.Prefix);
        IChangeLog? log = null;
        try
        {
            await WaitForTurnAsync(store, config, held, monitor, logger, time, cancellationToken);
            log = await BrokerLog.OpenAsync(config, configuration, store, time, cancellationToken);
            var requests = new SnapshotRequests(store, log, config.Prefix);
            while (!cancellationToken.IsCancellationRequested)
            {
                var pending = await IsPendingAsync(requests, cancellationToken);
                if (pending)
                    logger.SnapshotAsked(config.Prefix);
                using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var watch = WatchAsync(requests, held, pending, run, time);
                try
                {
                    await Bridge.RunAsync(
                        pending ? Resnapshot(configuration) : configuration,
                        monitor,
                        slots,
                        logs,
                        run.Token
                    );
                    if (!run.IsCancellationRequested)
                        return; // a snapshot was all that is configured
                }
                finally
                {
                    await run.CancelAsync();
                    await watch;
                }
            }
        }
        // the regular way to end it
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
        catch (NpgsqlException exception)
            when (DatabaseFault.Of(exception, config.StorePath, config.Store) is { } fault)
        {
            throw new FaultException(fault, exception);
        }
        finally
        {
            if (log is IAsyncDisposable open)
                await open.DisposeAsync();
        }
    }

    /// <summary>
    /// Whether the first run takes a snapshot. If the log can't be asked at the moment, the run waits for it, and is
    /// ended when it answers that one is requested.
    /// </summary>
    private static async Task<bool> IsPendingAsync(SnapshotRequests requests, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.IsPendingAsync(cancellationToken);
        }
        catch (FaultException exception) when (Passes(exception))
        {
            return false;
        }
    }

    private static bool Passes(FaultException exception) =>
        exception.InnerException is { } cause && SourceFaults.IsTransient(cause);

    /// <summary>The same configuration, with a new snapshot at the start.</summary>
    internal static IConfiguration Resnapshot(IConfiguration configuration) =>
        new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Source:resnapshot", "true")])
            .Build();

    /// <exception cref="FaultException">The store has another version.</exception>
    internal static async Task CheckStoreAsync(NpgsqlDataSource store, CancellationToken cancellationToken)
    {
        if (await StoreMigration.FaultAsync(store, BridgeSchema.Value, cancellationToken) is { } fault)
            throw new FaultException(fault);
    }

    private static async Task WaitForTurnAsync(
        NpgsqlDataSource store,
        BridgeConfig config,
        StoreLock held,
        BridgeMonitor monitor,
        ILogger logger,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await CheckStoreAsync(store, cancellationToken);
        for (var said = false; !await held.TryHoldAsync(cancellationToken); said = true)
        {
            if (!said)
            {
                logger.OtherBridgeRuns(config.Prefix);
                monitor.Is(new BridgeStatus.Wait($"Another bridge of '{config.Prefix}' runs."));
            }
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>
    /// Ends the run when a snapshot is requested that the run doesn't take itself. The bridge itself notices a store
    /// that doesn't answer.
    /// </summary>
    private static async Task WatchAsync(
        SnapshotRequests requests,
        StoreLock held,
        bool pending,
        CancellationTokenSource run,
        TimeProvider time
    )
    {
        try
        {
            while (true)
            {
                await Task.Delay(Poll, time, run.Token);
                try
                {
                    await held.TryHoldAsync(run.Token);
                    var asked = await requests.IsPendingAsync(run.Token);
                    if (asked && !pending)
                        break;
                    pending = asked;
                }
                catch (NpgsqlException) { } // tried again at the next tick
                catch (FaultException exception) when (Passes(exception)) { } // so is this
            }
            await run.CancelAsync();
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested) { } // the run has ended
    }
}
