using System.Net.Sockets;
using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Postgres;

/// <summary>Turns a PostgreSQL server's errors into faults.</summary>
public static class DatabaseFault
{
    /// <summary>
    /// The fault behind <paramref name="exception"/>, or null if a person can't fix it from its text (a defect in
    /// Strangler).
    /// </summary>
    /// <param name="exception">What Npgsql threw.</param>
    /// <param name="path">The configuration path of the connection.</param>
    /// <param name="connectionString">Messages show only its host, port, database and user, never its password.</param>
    public static Fault? Of(Exception exception, string path, string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var server = $"'{target.Host}:{target.Port}'";
        return exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new(
                path,
                $"The database '{target.Database}' does not exist on {server}.",
                "Create it, or correct the name."
            ),
            PostgresException
            {
                SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            } e => new(
                path,
                $"The server {server} refused the login '{target.Username}': {e.MessageText}.",
                "Correct the user or the password, or the server's pg_hba.conf."
            ),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e => new(
                path,
                $"The login '{target.Username}' is not permitted: {e.MessageText}.",
                "Grant it, or use another login."
            ),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } e => new(
                path,
                $"The server {server} takes no writes: {e.MessageText}.",
                "Name the primary, or end its read-only mode."
            ),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } e => new(
                path,
                $"The server {server} has no room left: {e.MessageText}.",
                "Make room on its disk."
            ),
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => new(
                path,
                $"The server {server} has no connection left.",
                "Raise max_connections, or end other clients."
            ),
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } e => new(
                path,
                $"The server {server} does not take connections now: {e.MessageText}.",
                "Wait until it has started."
            ),
            NpgsqlException { InnerException: SocketException or TimeoutException or IOException } e => new(
                path,
                $"No PostgreSQL answers at {server}: {e.InnerException!.Message}.",
                "Start it, or correct host and port."
            ),
            SocketException e => new(
                path,
                $"No PostgreSQL answers at {server}: {e.Message}.",
                "Start it, or correct host and port."
            ),
            NpgsqlException and not PostgresException => new(
                path,
                $"The connection to {server} failed: {exception.Message}",
                "Correct the connection's settings, or look at the server's log."
            ),
            _ => null,
        };
    }
}
