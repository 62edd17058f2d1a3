using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge;

/// <summary>Checks what the bridge would need.</summary>
public static class BridgeCheck
{
    /// <summary>All faults of the configuration, and, where that is sound, of the source. Nothing is started, created or altered.</summary>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var (config, faults) = BridgeConfigReader.TryRead(configuration);
        if (config is null) return faults;
        await using var source = NpgsqlDataSource.Create(config.SourceForQueries);
        var found = (await SourceChecks.FaultsAsync(source, config, cancellationToken)).ToList();
        if (found.Count == 0 && await SlotAsync(source, config, cancellationToken) is { } slot && slot.WalStatus == "lost")
            found.Add(new Fault($"slot '{config.Slot}'", "The server has invalidated it (wal_status 'lost').", "Take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true)."));
        return found;
    }

    private static async Task<SlotState?> SlotAsync(NpgsqlDataSource source, BridgeConfig config, CancellationToken cancellationToken)
    {
        try
        {
            return await SlotState.ReadAsync(source, config.Slot, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFault.Of(exception, "Source", config.Source) is not null)
        {
            return null;
        }
    }
}
