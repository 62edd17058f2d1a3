using Npgsql;

namespace Strangler.Foundation.Postgres;

/// <summary>The codes by which a PostgreSQL server says why it refuses a statement (its Appendix A).</summary>
public static class SqlStates
{
    /// <summary>
    /// Whether the same statement may succeed later: the connection is lost, the server is starting or ending, it has
    /// no room, or another transaction was in the way. A limit of the configuration doesn't pass.
    /// </summary>
    public static bool IsTransient(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal)
        || sqlState.StartsWith("57P0", StringComparison.Ordinal)
        || (
            sqlState.StartsWith("53", StringComparison.Ordinal)
            && sqlState != PostgresErrorCodes.ConfigurationLimitExceeded
        )
        || sqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;
}
