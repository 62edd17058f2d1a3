using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog.Configuration;
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

/// <summary>The part of Strangler that makes documents of the change log: <c>strangler projections</c>.</summary>
public static class ProjectionsPart
{
    /// <summary>
    /// An index over a large mirror, or making all keys of it dirty, takes minutes; a statement that takes longer than
    /// this hangs.
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

    /// <param name="storeLimit">How long the store may refuse what passes by itself before that is a fault.</param>
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
        var (moments, applied) = (new CurrentApplier(), new AppliedSignal(time));
        var patience = new StorePatience(storeLimit, time);
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
            logger.Overran(overrun.Projection.Model.Id.Name, overrun.Key.Key);
            return ExitCode.StartAgain;
        }
    }

    // A handful of statements a mirrored table, of which there may be dozens. What is set in a session is set for a
    // transaction, and who listens keeps the session, so it is not cleaned between two uses.
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

    /// <summary>Where its file can't be made, nobody is answered, and everything else continues.</summary>
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

    private static async Task<EmbeddedChangeLog> OpenLogAsync(
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
            return await ChangeLogFactory.OpenAsync(configuration, store, time, cancellationToken);
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
