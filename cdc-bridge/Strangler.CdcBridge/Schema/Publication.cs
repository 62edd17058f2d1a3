using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>Makes the publication hold what is captured.</summary>
internal static class Publication
{
    /// <exception cref="FaultException">With everything that stands against it.</exception>
    public static async Task EnsureAsync(NpgsqlDataSource source, BridgeConfig config, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var plan = await PlanAsync(connection, config, cancellationToken);
        if (plan.Faults.Count > 0) throw new FaultException(plan.Faults);
        if (plan.Add.Count == 0) return;
        var sql = plan.Create ? PublicationPlan.CreateStatement(config.Publication, plan.Add) : PublicationPlan.AddStatement(config.Publication, plan.Add);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new FaultException(new Fault("Source:publication.name", $"The login '{new NpgsqlConnectionStringBuilder(config.Source).Username}' may not make the publication: {exception.MessageText}.", $"As the tables' owner, run: {sql}"), exception);
        }
        var names = string.Join(", ", plan.Add);
        if (plan.Create) logger.PublicationCreated(config.Publication, names);
        else logger.PublicationExtended(config.Publication, names);
    }

    public static async Task<PublicationPlan> PlanAsync(NpgsqlConnection connection, BridgeConfig config, CancellationToken cancellationToken) => PublicationPlan.Of(
        config, await CandidateTable.ReadAsync(connection, cancellationToken), await PublicationState.ReadAsync(connection, config.Publication, cancellationToken));
}
