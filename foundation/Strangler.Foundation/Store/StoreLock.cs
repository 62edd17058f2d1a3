using Dapper;
using Npgsql;

namespace Strangler.Foundation.Store;

/// <summary>
/// Says that a part of a source runs: an advisory lock in the store, on a connection of its own. It keeps two of that
/// part from undoing each other's work; what keeps the store right, whoever holds it, is that part's fence. A holder
/// whose machine is gone, or who doesn't see to it that it is held, loses it within a minute.
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
