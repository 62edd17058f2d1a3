using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>Turns the store's errors in a running part into faults that name the store.</summary>
public static class StoreFault
{
    /// <summary>The fault behind <paramref name="exception"/>, or null if it is a defect in Strangler.</summary>
    /// <param name="exception">What Npgsql threw.</param>
    /// <param name="path">Where the configuration names the store's login.</param>
    /// <param name="connectionString">Messages show only its host, port, database and user, never its password.</param>
    public static Fault? Of(Exception exception, string path, string connectionString)
    {
        if (DatabaseFault.Of(exception, path, connectionString) is { } fault)
            return fault;
        return exception switch
        {
            PostgresException
            {
                SqlState: PostgresErrorCodes.UndefinedTable
                    or PostgresErrorCodes.InvalidSchemaName
                    or PostgresErrorCodes.UndefinedColumn
            } e => new(path, $"The store lacks this program's tables: {e.MessageText}.", "Run 'strangler migrate'."),
            NpgsqlException { IsTransient: true } e => new(
                path,
                $"The store does not work: {(e as PostgresException)?.MessageText ?? e.Message}.",
                "Its own log says more."
            ),
            _ => null,
        };
    }
}
