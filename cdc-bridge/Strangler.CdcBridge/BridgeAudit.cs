using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge;

/// <summary>
/// <c>strangler bridge audit</c>: proves from the log alone that it lacks no transaction before any that names the one
/// before it, and says of how many that is. It changes nothing, and a running bridge doesn't notice it.
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
                throw new FaultException(check.FaultsOf(config.Prefix));
            var unnamed = check.Count - check.NamedCount;
            say(
                $"The log of '{config.Prefix}' from {extent.Begin} through {extent.End} holds {check.Count} "
                    + $"transactions. {check.NamedCount} of them name the one before, and none is missing before "
                    + $"these. The others ({unnamed}) name none, because they begin an epoch or were stored before "
                    + "this proof existed: what may be missing before them isn't known."
            );
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
}
