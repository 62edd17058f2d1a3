using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>Turns the store's errors in a running part into faults that name the store.</summary>
public static class StoreFault
{
    /// <summary>The fault behind <paramref name="exception"/>, or null if it is a defect in Strangler.</summary>
    /// <param name="exception">What Npgsql threw.</param>
    /// <param name="connectionString">Messages show only its host, port, database and user, never its password.</param>
    public static Fault? Of(Exception exception, string connectionString)
    {
        if (DatabaseFault.Of(exception, StoreSection.Path, connectionString) is { } fault)
            return fault;
        return exception switch
        {
            PostgresException
            {
                SqlState: PostgresErrorCodes.UndefinedTable
                    or PostgresErrorCodes.InvalidSchemaName
                    or PostgresErrorCodes.UndefinedColumn
            } e => new(
                StoreSection.Path,
                $"The store lacks this program's tables: {e.MessageText}.",
                "Run 'strangler migrate'."
            ),
            NpgsqlException { IsTransient: true } e => new(
                StoreSection.Path,
                $"The store does not work: {(e as PostgresException)?.MessageText ?? e.Message}.",
                "Its own log says more."
            ),
            _ => null,
        };
    }
}
