using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge;

/// <summary>
/// <c>strangler bridge audit</c>: proves from the log alone that it lacks no transaction between two that it has. It
/// changes nothing, and a running bridge doesn't notice it.
/// </summary>
public static class BridgeAudit
{
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="say">Receives the result in a sentence.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FaultException">
    /// Something is missing, at the places that are named; or the log can't be read.
    /// </exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var config = BridgeConfigReader.Read(configuration);
        await using var store = config.Store.Length == 0 ? null : NpgsqlDataSource.Create(config.Store);
        IChangeLog? log = null;
        try
        {
            log = await BrokerLog.OpenAsync(config, configuration, store, TimeProvider.System, cancellationToken);
            if (await ContinuityReader.ReadAsync(log, config.Prefix, cancellationToken) is not { } read)
            {
                say($"The log of '{config.Prefix}' holds nothing yet.");
                return;
            }
            var (check, extent) = read;
            if (check.BreakCount > 0)
                throw new FaultException([.. check.Breaks.Select(found => found.FaultOf(config.Prefix))]);
            var unnamed = check.Count - check.NamedCount;
            say(
                $"The log of '{config.Prefix}' from {extent.Begin} through {extent.End} holds {check.Count} "
                    + $"transactions, and none is missing between them: {check.NamedCount} name the one before, "
                    + $"{unnamed} begin an epoch or are older than this proof."
            );
        }
        catch (NpgsqlException exception)
            when (DatabaseFault.Of(exception, StoreSection.Path, config.Store) is { } fault)
        {
            throw new FaultException(fault, exception);
        }
        finally
        {
            if (log is IAsyncDisposable open)
                await open.DisposeAsync();
        }
    }
}
