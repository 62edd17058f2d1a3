using Dapper;
using Npgsql;

namespace Strangler.CdcBridge;

/// <summary>
/// Says that a bridge of a source runs: an advisory lock in the store, on a connection of its own. It keeps two bridges
/// from undoing each other's work; what keeps the log right, whoever holds it, is the appender's fencing token. A
/// holder whose machine is gone loses it within a minute.
/// </summary>
internal sealed class BridgeLock(string store, string source) : IAsyncDisposable
{
    private const string SessionOptions =
        "-c idle_session_timeout=60s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(store)
    {
        Pooling = false,
        Multiplexing = false,
        ApplicationName = $"strangler bridge {source}",
        Options = SessionOptions,
        CommandTimeout = 10,
        Timeout = 5,
    }.ConnectionString;
    private NpgsqlConnection? _connection;

    /// <summary>Takes it, or sees to it that it is still held.</summary>
    /// <returns>False: another one holds it.</returns>
    /// <exception cref="NpgsqlException">The store does not answer; nothing is held then.</exception>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var isNew = _connection is null;
        try
        {
            if (_connection is null)
            {
                _connection = new NpgsqlConnection(_connectionString);
                await _connection.OpenAsync(cancellationToken);
            }
            // A session may hold it many times over; an open connection holds it.
            var sql = isNew
                ? "select pg_try_advisory_lock(hashtextextended('strangler bridge ' || @source, 0))"
                : "select true";
            if (
                await _connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(sql, new { source }, cancellationToken: cancellationToken)
                )
            )
                return true;
            await DisposeAsync();
            return false;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }
}
