using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>The bridge's log: on the brokers that a connector's configuration names, or the configured one.</summary>
internal static class BrokerLog
{
    /// <summary>The log to dispose of.</summary>
    /// <param name="config">The bridge's configuration.</param>
    /// <param name="configuration">All sections.</param>
    /// <param name="store">The store; null only if the log is on a connector's brokers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the look at the store.</param>
    /// <exception cref="FaultException">A section is wrong, or the store isn't migrated.</exception>
    public static async Task<IChangeLog> OpenAsync(
        BridgeConfig config,
        IConfiguration configuration,
        NpgsqlDataSource? store,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        config.Brokers is { } brokers
            ? ConfiguredLog.OpenOn(brokers, configuration, time)
            : await ConfiguredLog.OpenAsync(configuration, store!, time, cancellationToken);
}
