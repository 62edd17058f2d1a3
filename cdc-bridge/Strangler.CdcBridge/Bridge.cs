using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge;

/// <summary>Copies what a PostgreSQL source commits into the change log.</summary>
public static class Bridge
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Runs until cancelled. A lost connection to the source or the store is reestablished, and the server resends what
    /// was not acknowledged.
    /// </summary>
    /// <exception cref="FaultException">A person has to fix something. Nothing that the log has is lost.</exception>
    public static Task RunAsync(
        IConfiguration configuration,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            configuration,
            static async (section, store, time, token) => await ChangeLogFactory.OpenAsync(section, store, time, token),
            new BridgeTimings(),
            logs,
            TimeProvider.System,
            cancellationToken
        );

    /// <param name="openLog">Returns the log; it is called once, and may throw a fault.</param>
    internal static async Task RunAsync(
        IConfiguration configuration,
        Func<IConfiguration, NpgsqlDataSource, TimeProvider, CancellationToken, Task<IChangeLog>> openLog,
        BridgeTimings timings,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var config = BridgeConfigReader.Read(configuration);
        var logger = logs.CreateLogger("Strangler.CdcBridge");
        foreach (var name in config.Notices)
            logger.PropertyWithoutEffect(name);
        using var metrics = new BridgeMetrics();
        await using var store = NpgsqlDataSource.Create(config.Store);
        var log = new StoreLog(await OpenLogAsync(configuration, config, store, openLog, time, cancellationToken));
        var patience = new StorePatience(timings.StorePatience, time);
        var (resnapshot, connectedOnce, pause) = (config.Resnapshot, false, FirstBackoff);
        HistoryDifference? difference = null;
        var raw = false;
        var abandoned = new AbandonedStreams();
        while (true)
        {
            var session = new BridgeSession(config with { IsRaw = raw }, log, timings, metrics, time, logger);
            try
            {
                await session.RunAsync(resnapshot, connectedOnce, difference, cancellationToken);
                throw new IOException("the server ended the stream");
            }
            catch (Exception exception)
                when (cancellationToken.IsCancellationRequested && exception is not FaultException)
            {
                return;
            }
            catch (AnotherHistoryException exception)
            {
                connectedOnce = true;
                difference = exception.Difference;
                logger.AnotherHistory(exception.Message);
            }
            catch (Exception exception) when (exception is not FaultException || connectedOnce)
            {
                connectedOnce |= session.IsConnected;
                var isStuck = abandoned.Ended(exception, session.End);
                if (!raw && SourceFaults.IsConversionError(exception))
                {
                    // The next session takes the bytes unconverted. Otherwise this value would end every session, while
                    // the slot is held.
                    raw = true;
                    logger.ConnectionLost(exception.Message, TimeSpan.Zero);
                    if (session.IsStreaming)
                        resnapshot = false;
                    continue;
                }
                raw = false;
                var refused = (exception as StoreException)?.Cause;
                if (
                    refused is not null
                    && (!connectedOnce || !SourceFaults.IsTransient(refused) || !patience.Lasts())
                    && StoreFault.Of(refused, config.Store) is { } said
                )
                    throw new FaultException(said, exception);
                var missing =
                    refused is null && session.IsStreaming
                        ? await SourceFaults.MissingAsync(exception, config, cancellationToken)
                        : MissingObject.None;
                if (missing == MissingObject.Slot)
                    throw new FaultException(SourceFaults.SlotDropped(config, session.End), exception);
                var passes =
                    missing != MissingObject.None
                    || connectedOnce
                        && (
                            SourceFaults.IsTransient(exception)
                            || exception is FaultException { InnerException: { } cause }
                                && SourceFaults.IsTransient(cause)
                        );
                if (!passes)
                {
                    if (exception is not FaultException && SourceFaults.Of(exception, config, session.End) is { } fault)
                        throw new FaultException(fault, exception);
                    throw;
                }
                if (session.IsStreaming)
                    (resnapshot, pause, difference) = (false, FirstBackoff, null);
                if (missing == MissingObject.Publication)
                {
                    // It was dropped: what was committed before it was created again can't be read. The next session
                    // waits until it exists.
                    resnapshot = true;
                    logger.PublicationLost(config.Publication, session.End);
                }
                else if (isStuck)
                    logger.StreamAbandoned(config.Slot, abandoned.Count, session.End, exception.Message);
                else if (refused is null)
                    logger.ConnectionLost(exception.Message, pause);
                else
                    logger.StoreLost(StoreFault.Of(refused, config.Store)?.Problem ?? refused.Message, pause);
                metrics.Reconnected();
                await Task.Delay(pause, time, cancellationToken)
                    .ContinueWith(
                        static _ => { },
                        CancellationToken.None,
                        TaskContinuationOptions.ExecuteSynchronously,
                        TaskScheduler.Default
                    );
                pause = pause * 2 < timings.MaxBackoff ? pause * 2 : timings.MaxBackoff;
            }
        }
    }

    private static async Task<IChangeLog> OpenLogAsync(
        IConfiguration configuration,
        BridgeConfig config,
        NpgsqlDataSource store,
        Func<IConfiguration, NpgsqlDataSource, TimeProvider, CancellationToken, Task<IChangeLog>> openLog,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await openLog(configuration, store, time, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFault.Of(exception, StoreSection.Path, config.Store) is { } fault)
        {
            throw new FaultException(fault, exception);
        }
    }
}
