using Dapper;
using Npgsql;

namespace Strangler.Foundation.Store;

/// <summary>
/// Signals that a part of a source is running: an advisory lock in the store, on a connection of its own. It keeps two
/// instances of the part from undoing each other's work; the store itself is protected by the part's fence, no matter
/// who holds the lock. A holder whose machine has died, or that doesn't keep the lock alive, loses it within a minute.
/// </summary>
/// <param name="store">The store's connection string.</param>
/// <param name="part">The part's name, as in every version: two of them have to meet at it.</param>
/// <param name="source">The source's name.</param>
public sealed class StoreLock(string store, string part, string source) : IAsyncDisposable
{
    private const string SessionOptions =
        "-c idle_session_timeout=60s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(store)
    {
        Pooling = false,
        Multiplexing = false,
        ApplicationName = $"strangler {part} {source}",
        Options = SessionOptions,
        CommandTimeout = 10,
        Timeout = 5,
    }.ConnectionString;
    private NpgsqlConnection? _connection;

    /// <summary>Acquires the lock, or confirms that it is still held.</summary>
    /// <returns>False if another process holds it.</returns>
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
                ? "select pg_try_advisory_lock(hashtextextended('strangler ' || @part || ' ' || @source, 0))"
                : "select true";
            if (
                await _connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(sql, new { part, source }, cancellationToken: cancellationToken)
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

    /// <summary>Lets it go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }
}
