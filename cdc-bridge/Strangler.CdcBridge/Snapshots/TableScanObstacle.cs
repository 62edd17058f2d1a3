using System.Net.Sockets;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// What prevents tables in doubt from being read again, on the source's side. It affects only the reading: the stream
/// and every other table continue, and the reading is retried.
/// </summary>
/// <param name="Kind">
/// Equal for obstacles that are reported once, whatever numbers the server's message contains.
/// </param>
/// <param name="Why">What is wrong, and what to do about it.</param>
internal sealed record TableScanObstacle(string Kind, Fault Why)
{
    private const string Path = "Source";

    private const string FreeSlot =
        "Raise max_replication_slots, which requires a restart of the server, or drop slots that nobody reads: "
        + "SELECT slot_name FROM pg_replication_slots WHERE NOT active; then SELECT pg_drop_replication_slot('…').";

    private const string RaiseLimit =
        "Raise the limit that it names, or end other clients. max_wal_senders and max_connections require a restart; "
        + "ALTER ROLE … CONNECTION LIMIT and ALTER DATABASE … CONNECTION LIMIT do not.";

    private const string FindLock =
        "Find the session that holds a lock on the table: SELECT pid, state, query FROM pg_stat_activity "
        + "WHERE pid IN (SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock').";

    /// <summary>Null for a failure of the store, or of the bridge.</summary>
    public static TableScanObstacle? Of(Exception exception, BridgeConfig config) =>
        exception switch
        {
            PostgresException e => new(e.SqlState, Of(e, config)),
            NpgsqlException { InnerException: TimeoutException } or TimeoutException => new(
                "timeout",
                new Fault(Path, "The server did not answer in time.", FindLock)
            ),
            NpgsqlException or IOException or SocketException or ObjectDisposedException => new(
                "connection",
                DatabaseFault.Of(exception, Path, config.Source)
                    ?? new Fault(
                        Path,
                        $"The connection to the server was lost: {exception.Message}.",
                        "Check the server's log."
                    )
            ),
            _ => null,
        };

    private static Fault Of(PostgresException e, BridgeConfig config) =>
        e.SqlState switch
        {
            PostgresErrorCodes.ConfigurationLimitExceeded => new(
                Path,
                $"The server can't create a replication slot: {e.MessageText}.",
                FreeSlot
            ),
            PostgresErrorCodes.TooManyConnections => new(
                Path,
                $"The server accepts no further connection: {e.MessageText}.",
                RaiseLimit
            ),
            PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidPassword => new(
                Path,
                $"The server refuses the login '{config.Login}': {e.MessageText}.",
                Permit(config)
            ),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(
                Path,
                $"The table's data is damaged: {e.MessageText}.",
                "Restore the damaged rows in the source."
            ),
            PostgresErrorCodes.QueryCanceled => new(
                Path,
                $"The server ended the statement: {e.MessageText}.",
                "Find out who cancels this login's statements."
            ),
            _ => DatabaseFault.Of(e, Path, config.Source)
                ?? new Fault(
                    Path,
                    $"The server says: {e.MessageText} (SQLSTATE {e.SqlState}).",
                    "Fix it, or check the server's log."
                ),
        };

    private static string Permit(BridgeConfig config)
    {
        var (login, database) = (SqlName.Quote(config.Login), SqlName.Quote(config.Database));
        return $"Run: ALTER ROLE {login} LOGIN REPLICATION; GRANT CONNECT ON DATABASE {database} TO {login}; "
            + "or correct its password or pg_hba.conf.";
    }
}
