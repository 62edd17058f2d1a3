using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Configuration;

/// <summary>Opens the change log as the configuration describes it, the same for who appends and who reads.</summary>
public static class ChangeLogFactory
{
    /// <exception cref="FaultException">The section is wrong, or the store isn't migrated.</exception>
    public static async Task<EmbeddedChangeLog> OpenAsync(
        IConfiguration configuration,
        NpgsqlDataSource store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<Fault>();
        var log = new EmbeddedChangeLog(store, LogOptionsReader.Read(configuration, faults), time);
        if (faults.Count > 0)
            throw new FaultException(faults);
        await log.CheckSchemaAsync(cancellationToken);
        return log;
    }
}
