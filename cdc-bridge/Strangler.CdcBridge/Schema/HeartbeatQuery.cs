using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Telemetry;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// A team's own statement that the source runs with each heartbeat (<c>heartbeat.action.query</c>). That it fails is
/// said once, until it succeeds again.
/// </summary>
internal sealed class HeartbeatQuery(NpgsqlDataSource source, string sql, ILogger logger)
{
    private bool _fails;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
            _fails = false;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            if (!_fails)
                logger.HeartbeatQueryFailed(exception.Message);
            _fails = true;
        }
    }
}
