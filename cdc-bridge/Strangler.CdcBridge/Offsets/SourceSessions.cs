using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// Ordinary connections to the source, each of which begins with the statements of
/// <c>database.initial.statements</c>. The replication stream has none, as in Debezium.
/// </summary>
internal static class SourceSessions
{
    private const string Name = "database.initial.statements";

    /// <param name="config">What is connected to.</param>
    /// <param name="connectionString">One of its connection strings.</param>
    /// <param name="maxPrepared">
    /// How many statements a session keeps prepared. After an error in the first run of one, its next run fails with an
    /// exception of any type and breaks the session (Npgsql issue 6391), so only a caller that survives this has any.
    /// </param>
    public static NpgsqlDataSource Open(BridgeConfig config, string connectionString, int maxPrepared = 0)
    {
        var statements = config.Stream.InitialStatements;
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = maxPrepared;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        if (statements.Count == 0)
            return builder.Build();
        // A session that is reset when it returns to its pool would lose what the statements have set.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(
            static _ => throw new NotSupportedException("The bridge opens its connections asynchronously."),
            connection => BeginAsync(connection, statements)
        );
        return builder.Build();
    }

    /// <summary>
    /// Runs the statements, and then sets again what the bridge's reading depends on: they may have changed it.
    /// </summary>
    private static async Task BeginAsync(NpgsqlConnection connection, IReadOnlyList<string> statements)
    {
        foreach (var (index, statement) in statements.Index())
        {
            try
            {
                await ExecuteAsync(statement);
            }
            // Neither the statement nor the server's message, which may quote it, is passed on: both may have secrets.
            catch (PostgresException exception) when (SqlStates.IsTransient(exception.SqlState))
            {
                throw new NpgsqlException(
                    $"The server refuses statement {index + 1} of {statements.Count} of {Name} for now (SQLSTATE "
                        + $"{exception.SqlState})."
                );
            }
            catch (PostgresException exception)
            {
                throw new FaultException(
                    new Fault(
                        $"Source:{Name}",
                        $"The server refuses statement {index + 1} of {statements.Count} (SQLSTATE "
                            + $"{exception.SqlState}).",
                        "Correct it, or leave it out; the server's log has it with the reason."
                    )
                );
            }
        }
        await ExecuteAsync(BridgeConfig.SessionStatements);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
