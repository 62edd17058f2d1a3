using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Projections.Applying;
using Strangler.Projections.Configuration;
using Strangler.Projections.Loading;
using Strangler.Projections.Moments;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections;

/// <summary>The part of Strangler that makes documents from the change log: <c>strangler projections</c>.</summary>
public static class ProjectionsPart
{
    /// <summary>
    /// Building an index over a large mirror, or making all its keys dirty, takes minutes; a statement that takes
    /// longer than this hangs.
    /// </summary>
    private static readonly TimeSpan MaxStatementDuration = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    /// <summary>The store takes the place from who doesn't say for a minute that it is held.</summary>
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(15);

    /// <summary>Runs until cancelled.</summary>
    /// <returns>
    /// <see cref="ExitCode.Success"/> when cancelled; <see cref="ExitCode.StartAgain"/> after a key whose function
    /// overran its limit, which is quarantined.
    /// </returns>
    /// <exception cref="FaultException">Something that a person has to fix.</exception>
    public static Task<int> RunAsync(
        IConfiguration configuration,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    ) => RunAsync(configuration, logs, StorePatience.Default, cancellationToken);

    /// <param name="storeLimit">How long the store may return transient errors before that is a fault.</param>
    internal static async Task<int> RunAsync(
        IConfiguration configuration,
        ILoggerFactory logs,
        TimeSpan storeLimit,
        CancellationToken cancellationToken
    )
    {
        var config = ProjectionsConfig.Read(configuration);
        var models = ProjectionCatalog.Load(configuration);
        var logger = logs.CreateLogger("Strangler.Projections");
        var time = TimeProvider.System;
        await using var store = Pool(config.ConnectionString);
        await using var log = await OpenLogAsync(configuration, config, store, time, cancellationToken);
        using var metrics = new ProjectionMetrics(time);
        await using var held = new StoreLock(config.ConnectionString, "projections", config.Source);
        var (moments, applied) = (new CurrentApplier(), new AppliedSignal(time));
        var wanted = new WantedProgress(time);
        using var telling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = new AppliedChannel(store, config.Source, wanted, applied, time).RunAsync(telling.Token);
        var (patience, isLogLost) = (new StorePatience(storeLimit, time), false);
        try
        {
            using var evaluator = new MomentEvaluator(
                store,
                log,
                log,
                config.Source,
                moments,
                applied,
                config.Options.KeyLimit
            );
            await using var server = config.Moments is { } address
                ? await MomentsServer.StartAsync(address, Secret(config, logger), evaluator, logs, cancellationToken)
                : null;
            while (true)
            {
                try
                {
                    await WaitForTurnAsync(held, config.Source, logger, time, cancellationToken);
                    using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    var keeping = KeepAsync(held, time, run.Token);
                    try
                    {
                        using var applier = await Applier.OpenAsync(
                            new ApplierParts(store, log, config.Options, time, metrics, logger) { Wanted = wanted },
                            config.Source,
                            models,
                            cancellationToken
                        );
                        if (!isLogLost)
                            logger.Began(config.Source, applier.Checkpoint.Position);
                        applied.Applied(applier.Checkpoint.Position);
                        moments.Opened(applier);
                        await new ApplierLoop(
                            applier,
                            log,
                            time,
                            metrics,
                            logger,
                            config.Options.ProgressInterval,
                            Reached
                        ).RunAsync(cancellationToken);
                    }
                    finally
                    {
                        await run.CancelAsync();
                        await keeping;
                    }
                }
                catch (NpgsqlException exception)
                    when (StoreFault.Of(exception, config.StorePath, config.ConnectionString) is not null)
                {
                    var fault = StoreFault.Of(exception, config.StorePath, config.ConnectionString)!;
                    if (!exception.IsTransient || !patience.Lasts())
                        throw new FaultException(fault, exception);
                    logger.StoreLost(fault.Problem, StoreRetry);
                    await Task.Delay(StoreRetry, time, cancellationToken);
                }
                // A log that doesn't answer, for as long as it may take: that passes.
                catch (FaultException exception) when (exception.InnerException is TimeoutException)
                {
                    if (!patience.Lasts())
                        throw;
                    if (!isLogLost)
                        logger.LogLost(exception.Message);
                    isLogLost = true;
                    await Task.Delay(StoreRetry, time, cancellationToken);
                }
            }

            void Reached(Position position)
            {
                if (isLogLost)
                    logger.Began(config.Source, position);
                isLogLost = false;
                applied.Applied(position);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (KeyOverrunException overrun)
        {
            logger.Overran(overrun.Projection.Model.Id.Name, ShortText.Of(overrun.Key.Key));
            return ExitCode.StartAgain;
        }
        finally
        {
            await telling.CancelAsync();
            await told;
        }
    }

    /// <summary>
    /// An applier takes the checkpoint over from its holder. Two that restart by themselves would do so in turns, so
    /// the second one waits.
    /// </summary>
    private static async Task WaitForTurnAsync(
        StoreLock held,
        string source,
        ILogger logger,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        for (var said = false; !await held.TryHoldAsync(cancellationToken); said = true)
        {
            if (!said)
                logger.OthersRun(source);
            await Task.Delay(StoreRetry, time, cancellationToken);
        }
    }

    /// <summary>
    /// Runs until it is canceled. If the lock is lost and another process takes it, that one's checkpoint ends this
    /// one.
    /// </summary>
    private static async Task KeepAsync(StoreLock held, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(KeepInterval, time, cancellationToken);
                try
                {
                    await held.TryHoldAsync(cancellationToken);
                }
                catch (Exception) when (!cancellationToken.IsCancellationRequested) { } // the next look tries again
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested) { } // the run has ended
    }

    // A handful of statements per mirrored table, of which there may be dozens. Settings are made for a transaction
    // only, and a listener keeps its session, so sessions aren't reset between uses.
    private static NpgsqlDataSource Pool(string connection) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection)
            {
                MaxAutoPrepare = 400,
                AutoPrepareMinUsages = 3,
                NoResetOnClose = true,
                CommandTimeout = (int)MaxStatementDuration.TotalSeconds,
                ApplicationName = "strangler projections",
            }
        );

    /// <summary>If its file can't be created, no question is answered, and everything else continues.</summary>
    private static MomentsSecret Secret(ProjectionsConfig config, ILogger logger)
    {
        try
        {
            if (config.MomentsSecretFile is { } file)
                MomentsSecret.Ensure(file);
        }
        catch (FaultException exception)
        {
            logger.NoMomentsSecret(exception.Message);
        }
        return new(config.MomentsSecretFile);
    }

    private static async Task<ConfiguredLog> OpenLogAsync(
        IConfiguration configuration,
        ProjectionsConfig config,
        NpgsqlDataSource store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await StoreMigration.FaultAsync(store, ProjectionsSchema.Value, cancellationToken) is { } fault)
                throw new FaultException(fault);
            return await ConfiguredLog.OpenAsync(configuration, store, time, cancellationToken);
        }
        catch (NpgsqlException exception)
            when (DatabaseFault.Of(exception, config.StorePath, config.ConnectionString) is not null)
        {
            throw new FaultException(
                DatabaseFault.Of(exception, config.StorePath, config.ConnectionString)!,
                exception
            );
        }
    }
}
