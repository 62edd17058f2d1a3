using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>Makes the publication match what is captured.</summary>
internal static class Publication
{
    /// <summary>
    /// Creates or extends it before a snapshot. If something has been captured before, it waits for the publication,
    /// and tables that can't be captured now will be in doubt.
    /// </summary>
    /// <param name="known">What the log holds.</param>
    /// <exception cref="FaultException">Lists every problem that prevents it.</exception>
    public static async Task EnsureAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        IReadOnlyList<TableOffset> known,
        TimeSpan interval,
        TimeProvider time,
        BridgeMonitor monitor,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        if (known.Count > 0)
            await WaitAsync(source, config, known, interval, time, monitor, logger, cancellationToken);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await SourceCatalogue.ReadAsync(connection, config, known, cancellationToken);
        if (known.Count > 0)
        {
            foreach (var statement in PublicationPlan.Fix(config, known, now))
            {
                if (await TryAsync(connection, statement, logger, cancellationToken) is { } reason)
                    logger.PublicationNotMended(statement, reason, IsLocked(reason));
            }
            return;
        }
        var plan = PublicationPlan.Of(config, now);
        if (plan.Faults.Count > 0)
            throw new FaultException(plan.Faults);
        var ofAllTables = plan.Create && config.Mode is PublicationMode.AllTables;
        if (plan.Add.Count == 0 && !ofAllTables)
            return;
        var sql =
            ofAllTables ? PublicationPlan.CreateForAllStatement(config)
            : plan.Create ? PublicationPlan.CreateStatement(config, plan.Add)
            : PublicationPlan.AddStatement(config.Publication, plan.Add);
        try
        {
            var marked = plan.Create ? $"{sql}; {PublicationPlan.CommentStatement(config)}" : sql;
            await connection.ExecuteAsync(new CommandDefinition(marked, cancellationToken: cancellationToken));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new FaultException(
                new Fault(
                    "Source:publication.name",
                    $"The login '{config.Login}' may not create the publication: {exception.MessageText}.",
                    $"As the tables' owner, run: {sql}"
                ),
                exception
            );
        }
        var names = ofAllTables ? "all tables" : string.Join(", ", plan.Add);
        if (plan.Create)
            logger.PublicationCreated(config.Publication, names);
        else
            logger.PublicationExtended(config.Publication, names);
    }

    /// <summary>
    /// Returns when the publication exists, because no change can be read without it. Creates it if the bridge is
    /// responsible for it; otherwise logs once which statement creates it. Until then the log doesn't advance, and
    /// readers' data ages.
    /// </summary>
    /// <param name="known">What the log holds.</param>
    /// <returns>Whether it was missing: what was found before is outdated then.</returns>
    public static async Task<bool> WaitAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        IReadOnlyList<TableOffset> known,
        TimeSpan interval,
        TimeProvider time,
        BridgeMonitor monitor,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        for (var said = false; ; said = true)
        {
            await using (var connection = await source.OpenConnectionAsync(cancellationToken))
            {
                var now = await SourceCatalogue.ReadAsync(connection, config, known, cancellationToken);
                if (PublicationPlan.SelectionFaults(config, known, now).ToList() is [_, ..] faults)
                    throw new FaultException(faults);
                if (now.Publication is not null)
                    return said;
                foreach (var statement in PublicationPlan.Fix(config, known, now))
                {
                    if (await TryAsync(connection, statement, logger, cancellationToken) is not { } reason)
                        return true;
                    if (!said)
                        logger.PublicationNotMended(statement, reason, IsLocked(reason));
                }
                if (!said)
                {
                    var wayOut = PublicationPlan.Missing(config, known, now);
                    logger.PublicationAwaited(config.Publication, wayOut);
                    monitor.Is(
                        new BridgeStatus.Wait($"The publication '{config.Publication}' does not exist. {wayOut}")
                    );
                }
            }
            await Task.Delay(interval, time, cancellationToken);
        }
    }

    /// <summary>
    /// Runs a statement that changes the publication. It needs a lock on its tables that conflicts with index builds,
    /// VACUUM and ANALYZE, and doesn't wait until they end.
    /// </summary>
    /// <returns>Why the server refused it; null if it succeeded.</returns>
    public static async Task<PostgresException?> TryAsync(
        NpgsqlConnection connection,
        string statement,
        ILogger? logger,
        CancellationToken cancellationToken
    )
    {
        const string Patience = "set local lock_timeout = '500ms'; set local statement_timeout = '5s'";
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(Patience, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            logger?.PublicationMended(statement);
            return null;
        }
        catch (PostgresException exception) when (!SourceFaults.IsTransient(exception))
        {
            return exception;
        }
    }

    /// <summary>Whether a statement was refused because it would have waited: the next look may try it again.</summary>
    public static bool IsLocked(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled;
}
