using Dapper;
using Npgsql;

namespace Strangler.CdcBridge;

/// <summary>
/// Signals that a bridge of a source is running: an advisory lock in the store, on a connection of its own. It keeps
/// two bridges from undoing each other's work; the log itself is protected by the appender's fencing token, whoever
/// holds the lock. A holder whose machine has died loses it within a minute.
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

    /// <summary>Acquires the lock, or confirms that it is still held.</summary>
    /// <returns>False if another bridge holds it.</returns>
    /// <exception cref="NpgsqlException">The store doesn't answer; the lock is not held then.</exception>
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
            // The lock is reentrant, so only a new connection takes it. An open connection holds it.
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
