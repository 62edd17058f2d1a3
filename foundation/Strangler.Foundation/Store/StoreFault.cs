using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>Turns the ways in which the store refuses a running part into faults that name the store.</summary>
public static class StoreFault
{
    /// <summary>The configuration path of the store.</summary>
    public const string Path = "Store:ConnectionString";

    /// <summary>The fault behind <paramref name="exception"/>, or null where it is a defect of ours.</summary>
    /// <param name="exception">What Npgsql threw.</param>
    /// <param name="connectionString">Only its host, port, database and user are said, never its password.</param>
    public static Fault? Of(Exception exception, string connectionString)
    {
        if (DatabaseFault.Of(exception, Path, connectionString) is { } fault)
            return fault;
        return exception switch
        {
            PostgresException
            {
                SqlState: PostgresErrorCodes.UndefinedTable
                    or PostgresErrorCodes.InvalidSchemaName
                    or PostgresErrorCodes.UndefinedColumn
            } e => new(Path, $"The store lacks this program's tables: {e.MessageText}.", "Run 'strangler migrate'."),
            NpgsqlException { IsTransient: true } e => new(
                Path,
                $"The store does not work: {(e as PostgresException)?.MessageText ?? e.Message}.",
                "Its own log says more."
            ),
            _ => null,
        };
    }
}
