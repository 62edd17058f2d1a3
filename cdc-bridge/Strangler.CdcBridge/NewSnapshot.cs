using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge;

/// <summary>
/// <c>strangler bridge --resnapshot</c>: requests a new snapshot and waits until it has ended. (1) The request is
/// stored. (2) A running bridge takes the snapshot. If none is running, as after a lost slot, it is taken here, and a
/// bridge that is started in the meantime waits. (3) It is done once the log's end is in a later epoch. A connector
/// without a store has nowhere to keep a request: its snapshot is taken here.
/// </summary>
public static class NewSnapshot
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <param name="configuration">The whole of <c>strangler.json</c>.</param>
    /// <param name="monitor">Is told what a bridge that runs here does.</param>
    /// <param name="logs">Where a bridge that runs here logs.</param>
    /// <param name="say">Receives a line for each step.</param>
    /// <param name="cancellationToken">Withdraws the request and ends the wait.</param>
    /// <exception cref="FaultException">It can't be taken: what a person has to fix first.</exception>
    public static async Task TakeAsync(
        IConfiguration configuration,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var config = BridgeConfigReader.Read(configuration);
        if (config.Store.Length == 0)
        {
            await TakeAloneAsync(configuration, config, monitor, logs, say, cancellationToken);
            return;
        }
        await using var store = NpgsqlDataSource.Create(config.Store);
        IChangeLog? log = null;
        try
        {
            if (await StoreMigration.FaultAsync(store, EmbeddedLogSchema.Value, cancellationToken) is { } fault)
                throw new FaultException(fault);
            await BridgePart.CheckStoreAsync(store, cancellationToken);
            log = await BrokerLog.OpenAsync(config, configuration, store, TimeProvider.System, cancellationToken);
            var requests = new SnapshotRequests(store, log, config.Prefix);
            var before = await requests.AskAsync(cancellationToken); // 1
            say($"A new snapshot of '{config.Prefix}' has been requested; the log is in epoch {before}.");
            try
            {
                await WaitAsync(configuration, config, requests, before, monitor, logs, say, cancellationToken);
            }
            catch
            {
                await WithdrawAsync(requests);
                throw;
            }
        }
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

    private static async Task WaitAsync(
        IConfiguration configuration,
        BridgeConfig config,
        SnapshotRequests requests,
        int before,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        for (var said = false; ; )
        {
            if (await requests.EpochAsync(cancellationToken) is var epoch && epoch > before) // 3
            {
                say($"The new snapshot has ended; the log is in epoch {epoch}.");
                return;
            }
            await using (var held = new StoreLock(config.Store, "bridge", config.Prefix))
            {
                if (await held.TryHoldAsync(cancellationToken)) // 2
                {
                    say("No bridge runs, so it is taken here. A bridge that is started meanwhile waits.");
                    await TakeHereAsync(configuration, config, IsTakenAsync, monitor, logs, cancellationToken);
                    continue;

                    async Task<bool> IsTakenAsync()
                    {
                        if (await requests.EpochAsync(cancellationToken) > before)
                            return true;
                        await held.TryHoldAsync(cancellationToken);
                        return false;
                    }
                }
            }
            if (!said)
                say("The running bridge takes it.");
            said = true;
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>
    /// A connector without a store keeps no request. If its bridge runs, this ends with the fault that its slot is in
    /// use.
    /// </summary>
    private static async Task TakeAloneAsync(
        IConfiguration configuration,
        BridgeConfig config,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var log = ConfiguredLog.OpenOn(config.Brokers!, configuration, TimeProvider.System);
        try
        {
            var before = await EpochAsync();
            say($"A new snapshot of '{config.Prefix}' is taken here; the log is in epoch {before}.");
            await TakeHereAsync(
                configuration,
                config,
                async () => await EpochAsync() > before,
                monitor,
                logs,
                cancellationToken
            );
            say($"The new snapshot has ended; the log is in epoch {await EpochAsync()}.");
        }
        finally
        {
            if (log is IAsyncDisposable open)
                await open.DisposeAsync();
        }

        async Task<int> EpochAsync() => (await log.ExtentAsync(config.Prefix, cancellationToken))?.End?.Epoch ?? 0;
    }

    private static async Task TakeHereAsync(
        IConfiguration configuration,
        BridgeConfig config,
        Func<Task<bool>> isTaken,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    )
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var bridge = WatchedRun.RunAsync(
            config,
            new BridgeTimings(),
            monitor,
            logs,
            TimeProvider.System,
            (slots, token) => Bridge.RunAsync(BridgePart.Resnapshot(configuration), monitor, slots, logs, token),
            run.Token
        );
        try
        {
            while (!bridge.IsCompleted && !await isTaken())
                await Task.WhenAny(bridge, Task.Delay(Poll, TimeProvider.System, cancellationToken));
        }
        finally
        {
            await run.CancelAsync();
            await bridge;
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Otherwise a bridge that is started later would take a snapshot that nobody waits for.</summary>
    private static async Task WithdrawAsync(SnapshotRequests requests)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await requests.WithdrawAsync(limit.Token);
        }
        // the exception being thrown already says that the store doesn't answer
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException) { }
    }
}
