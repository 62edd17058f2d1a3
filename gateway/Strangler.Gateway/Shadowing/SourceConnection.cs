using System.Data;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// One connection to the source's primary, over which looks are taken. It reads only the write-ahead log's end and the
/// snapshot, for which a login needs no rights on tables.
/// </summary>
internal sealed class SourceConnection : IAsyncDisposable
{
    internal const int LimitSeconds = 1;

    // The floor's statement ends before the next one takes its snapshot: each statement has its own under read
    // committed.
    private const string Floor = "select pg_current_wal_insert_lsn()::text as floor, clock_timestamp() as clock";
    private const string Look =
        "select pg_current_snapshot()::text as snapshot, pg_current_wal_insert_lsn()::text as ceiling";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;

    private SourceConnection(NpgsqlConnection connection, string server, WalLayout layout)
    {
        (_connection, Server, Layout) = (connection, server, layout);
        _batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(Floor), new NpgsqlBatchCommand(Look) },
            Timeout = LimitSeconds,
        };
    }

    /// <summary>The run of the server, identified by its start. If it ends, the connection ends too.</summary>
    public string Server { get; }

    public WalLayout Layout { get; }

    /// <exception cref="FaultException">It is a standby.</exception>
    public static async Task<SourceConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "strangler gateway",
            Pooling = false,
            Multiplexing = false,
            Timeout = 3,
            CommandTimeout = LimitSeconds,
            CancellationTimeout = 500,
            Enlist = false,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using (
                var isolation = new NpgsqlCommand("set default_transaction_isolation = 'read committed'", connection)
            )
                await isolation.ExecuteNonQueryAsync(cancellationToken);
            await using var recovery = new NpgsqlCommand("select pg_is_in_recovery()", connection);
            if (await recovery.ExecuteScalarAsync(cancellationToken) is true)
            {
                throw new FaultException(
                    new Fault(
                        SourceCheck.Path,
                        $"The server '{settings.Host}:{settings.Port}' is a standby, "
                            + "and a bracket is only exact on the primary.",
                        "Name the primary."
                    )
                );
            }
            await using var started = new NpgsqlCommand(ServerRun.StartedSql, connection);
            var opened = new SourceConnection(
                connection,
                (string)(await started.ExecuteScalarAsync(cancellationToken))!,
                await LayoutAsync(connection, cancellationToken)
            );
            await opened._batch.PrepareAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<(SourceLook Look, DateTimeOffset Clock)> LookAsync(CancellationToken cancellationToken)
    {
        await using var reader = await _batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (floor, clock) = (Lsn.Parse(reader.GetString("floor")), reader.GetFieldValue<DateTimeOffset>("clock"));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var look = new SourceLook(floor, reader.GetString("snapshot"), Lsn.Parse(reader.GetString("ceiling")));
        return (look, clock);
    }

    private static async Task<WalLayout> LayoutAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select current_setting('wal_block_size')::int8 as page, setting::int8 as segment
            from pg_settings where name = 'wal_segment_size'
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new WalLayout((ulong)reader.GetInt64("page"), (ulong)reader.GetInt64("segment"));
    }

    /// <summary>The cluster's system identifier, as digits. Null if the login may not read it.</summary>
    public async Task<string?> SystemAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                "select system_identifier::text from pg_control_system()",
                _connection
            );
            return (string?)await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
