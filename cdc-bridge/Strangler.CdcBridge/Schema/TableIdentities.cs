using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>Gives captured tables the replica identities that the configuration names.</summary>
internal static class TableIdentities
{
    /// <summary>
    /// Sets what differs, one table at a time. What the server refuses, or a lock prevents, is logged with the
    /// statement, and tried again at the next start.
    /// </summary>
    /// <exception cref="FaultException">Entries that can't be followed.</exception>
    public static async Task SetAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        if (config.Stream.Identities.Count == 0)
            return;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await SourceCatalogue.ReadAsync(connection, config, [], cancellationToken);
        var plan = IdentityPlan.Of(config, now.Relations);
        if (plan.Faults.Count > 0)
            throw new FaultException(plan.Faults);
        foreach (var (table, statement, _) in plan.Changes)
        {
            var name = table.ToString();
            if (await Publication.TryAsync(connection, statement, logger: null, cancellationToken) is { } reason)
                logger.IdentityNotSet(name, reason.MessageText, statement);
            else
                logger.IdentitySet(name, statement);
        }
    }
}
