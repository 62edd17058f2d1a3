using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Sessions;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge;

/// <summary>Copies what a PostgreSQL source commits into the change log.</summary>
internal static class Bridge
{
    /// <summary>
    /// Runs until cancelled. A lost connection to the source or the store is reestablished, and the server resends what
    /// was not acknowledged.
    /// </summary>
    /// <exception cref="FaultException">A person has to fix something. Nothing that the log has is lost.</exception>
    internal static async Task RunAsync(
        IConfiguration configuration,
        BridgeMonitor monitor,
        SlotWatch slots,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    )
    {
        var config = BridgeConfigReader.Read(configuration);
        IChangeLog? log = null;
        try
        {
            await RunAsync(
                config,
                async (store, token) =>
                    log = await BrokerLog.OpenAsync(config, configuration, store, TimeProvider.System, token),
                new BridgeTimings(),
                monitor,
                slots,
                logs,
                TimeProvider.System,
                cancellationToken
            );
        }
        finally
        {
            if (log is IAsyncDisposable open)
                await open.DisposeAsync();
        }
    }

    /// <param name="openLog">Returns the log; it is called once, and may throw a fault.</param>
    internal static async Task RunAsync(
        IConfiguration configuration,
        Func<IConfiguration, NpgsqlDataSource, TimeProvider, CancellationToken, Task<IChangeLog>> openLog,
        BridgeTimings timings,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await RunAsync(
            BridgeConfigReader.Read(configuration),
            (store, token) => openLog(configuration, store!, time, token),
            timings,
            monitor,
            logs,
            time,
            cancellationToken
        );
    }

    /// <param name="openLog">Returns the log; it is called once, and may throw a fault.</param>
    internal static async Task RunAsync(
        BridgeConfig config,
        Func<NpgsqlDataSource?, CancellationToken, Task<IChangeLog>> openLog,
        BridgeTimings timings,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await WatchedRun.RunAsync(
            config,
            timings,
            monitor,
            logs,
            time,
            (slots, token) => RunAsync(config, openLog, timings, monitor, slots, logs, time, token),
            cancellationToken
        );
    }

    /// <param name="openLog">Returns the log; it is called once, and may throw a fault.</param>
    internal static async Task RunAsync(
        BridgeConfig config,
        Func<NpgsqlDataSource?, CancellationToken, Task<IChangeLog>> openLog,
        BridgeTimings timings,
        BridgeMonitor monitor,
        SlotWatch slots,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var logger = logs.CreateLogger("Strangler.CdcBridge");
        foreach (var name in config.Notices)
            logger.PropertyWithoutEffect(name);
        await using var store = config.Store.Length == 0 ? null : NpgsqlDataSource.Create(config.Store);
        var log = new StoreLog(await OpenLogAsync(config, store, openLog, cancellationToken));
        var patience = new StorePatience(timings.StorePatience, time);
        var state = new SessionState(config.Resnapshot || config.Snapshot.Mode == SnapshotMode.Always);
        SlotSession? former = null;
        while (true)
        {
            var session = new BridgeSession(
                config with
                {
                    IsRaw = state.IsRaw,
                    Process = state.ServerKeepsTransactions ? config.Process with { MaxSpill = 0 } : config.Process,
                },
                log,
                store,
                timings,
                monitor,
                slots,
                time,
                logger
            )
            {
                Former = former,
            };
            if (await ErrorAsync(session, state, cancellationToken) is not { } error)
                return;
            if (await EndAsync(session, error, config, patience, cancellationToken) is not { } end)
                return;
            former = session.Session ?? former;
            monitor.Metrics.Failed(end.Kind);
            (state, var decision) = SessionDecision.Decide(state, end, timings.MaxBackoff);
            switch (decision)
            {
                case SessionDecision.Stop(var fault):
                    throw new FaultException(fault, error);
                case SessionDecision.Rethrow:
                    ExceptionDispatchInfo.Throw(error);
                    break;
                case SessionDecision.AtOnce:
                    Report(logger, config, state, end, error, TimeSpan.Zero);
                    break;
                case SessionDecision.AfterPause(var pause):
                    Report(logger, config, state, end, error, pause);
                    monitor.Metrics.Reconnected();
                    monitor.Is(new BridgeStatus.Wait($"{end.Fault?.Problem ?? error.Message}"));
                    await Task.Delay(pause, time, cancellationToken)
                        .ContinueWith(
                            static _ => { },
                            CancellationToken.None,
                            TaskContinuationOptions.ExecuteSynchronously,
                            TaskScheduler.Default
                        );
                    break;
            }
        }
    }

    /// <summary>Runs a session.</summary>
    /// <returns>What it ended with; null if it was cancelled.</returns>
    private static async Task<Exception?> ErrorAsync(
        BridgeSession session,
        SessionState state,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await session.RunAsync(state.TakesSnapshot, state.HasConnected, state.Difference, cancellationToken);
            if (session.IsComplete)
                return null;
            throw new IOException("the server ended the stream");
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is not FaultException)
        {
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Reads how a session ended from its error, and from what its source lacks.</summary>
    /// <returns>Null if the bridge was cancelled meanwhile.</returns>
    private static async Task<SessionEnd?> EndAsync(
        BridgeSession session,
        Exception error,
        BridgeConfig config,
        StorePatience patience,
        CancellationToken cancellationToken
    )
    {
        var missing = MissingObject.None;
        try
        {
            if (session.IsStreaming)
                missing = await SourceFaults.MissingAsync(error, config, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        var isPatient = error is StoreException && patience.Lasts();
        return SessionEnd.Of(error, missing, isPatient, config, session.End) with
        {
            IsConnected = session.IsConnected,
            IsStreaming = session.IsStreaming,
            End = session.End,
        };
    }

    /// <summary>Logs why another session follows.</summary>
    private static void Report(
        ILogger logger,
        BridgeConfig config,
        SessionState state,
        SessionEnd end,
        Exception error,
        TimeSpan pause
    )
    {
        switch (end)
        {
            case SessionEnd.AnotherHistory:
                logger.AnotherHistory(error.Message);
                break;
            case SessionEnd.MissingPublication:
                // It was dropped: what was committed before it was created again can't be read. The next session waits
                // until it exists.
                logger.PublicationLost(config.Publication, end.End);
                break;
            case SessionEnd.SpillFull:
                logger.SpillFull(error.Message);
                break;
            case SessionEnd.EarlySendFailed:
                logger.EarlySendFailed(error.Message);
                break;
            case SessionEnd.StreamAbandoned when state.Abandoned.IsStuck:
                logger.StreamAbandoned(config.Slot, state.Abandoned.Count, end.End, error.Message);
                break;
            case SessionEnd.StoreFailed:
                logger.StoreLost(end.Fault?.Problem ?? error.Message, pause);
                break;
            default:
                logger.ConnectionLost(error.Message, pause);
                break;
        }
    }

    private static async Task<IChangeLog> OpenLogAsync(
        BridgeConfig config,
        NpgsqlDataSource? store,
        Func<NpgsqlDataSource?, CancellationToken, Task<IChangeLog>> openLog,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await openLog(store, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFault.Of(exception, config.StorePath, config.Store) is { } fault)
        {
            throw new FaultException(fault, exception);
        }
    }
}
