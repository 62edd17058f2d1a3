using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog.Embedded;
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
        await CheckStoreAsync(store, config, cancellationToken);
        using var metrics = new ProjectionMetrics(time);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), time);
        var (moments, applied) = (new CurrentApplier(), new AppliedSignal(time));
        var patience = new StorePatience(storeLimit, time);
        try
        {
            using var evaluator = new MomentEvaluator(
                store,
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
                    using var applier = await Applier.OpenAsync(
                        new ApplierParts(store, log, config.Options, time, metrics, logger),
                        config.Source,
                        models,
                        cancellationToken
                    );
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
                        applied.Applied
                    ).RunAsync(cancellationToken);
                }
                catch (NpgsqlException exception) when (StoreFault.Of(exception, config.ConnectionString) is not null)
                {
                    var fault = StoreFault.Of(exception, config.ConnectionString)!;
                    if (!exception.IsTransient || !patience.Lasts())
                        throw new FaultException(fault, exception);
                    logger.StoreLost(fault.Problem, StoreRetry);
                    await Task.Delay(StoreRetry, time, cancellationToken);
                }
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

    private static async Task CheckStoreAsync(
        NpgsqlDataSource store,
        ProjectionsConfig config,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await StoreMigration.FaultAsync(store, ProjectionsSchema.Value, cancellationToken) is { } fault)
                throw new FaultException(fault);
        }
        catch (NpgsqlException exception)
            when (DatabaseFault.Of(exception, ProjectionsConfig.StorePath, config.ConnectionString) is not null)
        {
            throw new FaultException(
                DatabaseFault.Of(exception, ProjectionsConfig.StorePath, config.ConnectionString)!,
                exception
            );
        }
    }
}
