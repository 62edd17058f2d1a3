using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;

namespace Strangler.Gateway.Shadowing;

/// <summary>Reports why the source's primary can't be looked at.</summary>
internal static class SourceCheck
{
    public const string Path = "Gateway:Source";

    /// <summary>Takes one look over a connection like that of the poll. Null if that works.</summary>
    /// <param name="system">
    /// The system identifier of the cluster whose changes are read. Null if it isn't known.
    /// </param>
    public static async Task<Fault?> FaultAsync(SourceModel source, string? system, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await SourceConnection.OpenAsync(source.ConnectionString, cancellationToken);
            await connection.LookAsync(cancellationToken);
            if (system is null || await connection.SystemAsync(cancellationToken) is not { } own || own == system)
                return null;
            return new Fault(
                Path,
                $"It names the cluster {own}, and the bridge reads the changes of {system}: positions of one mean "
                    + "nothing in the other.",
                "Name the primary from which the bridge reads."
            );
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Of(exception, source)
                ?? new Fault(
                    Path,
                    $"The source's primary cannot be looked at: {exception.Message}",
                    "Look at the server's log, and correct the connection's settings."
                );
        }
    }

    /// <summary>The source's clock relative to this one. Null if it can't be looked at, which is a fault.</summary>
    public static async Task<ClockOffset?> ClockAsync(
        SourceModel source,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = await SourceConnection.OpenAsync(source.ConnectionString, cancellationToken);
            var sent = time.GetTimestamp();
            var (_, clock) = await connection.LookAsync(cancellationToken);
            return ClockOffset.Of(clock, time.GetElapsedTime(sent), time.GetUtcNow());
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Null if the exception isn't one that a person can fix from its text.</summary>
    public static Fault? Of(Exception exception, SourceModel source) =>
        exception switch
        {
            FaultException { Faults: [var said, ..] } => said,
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e => new(
                Path,
                $"The login '{Login(source)}' may not look at the source: {e.MessageText}.",
                "Grant it CONNECT on the database, and EXECUTE on pg_current_snapshot(), "
                    + "pg_current_wal_insert_lsn() and pg_is_in_recovery(), which everybody has unless it was revoked; "
                    + "it needs no right on any table."
            ),
            PostgresException { SqlState: PostgresErrorCodes.UndefinedFunction } e => new(
                Path,
                $"The server does not support the statements of a look: {e.MessageText}.",
                "Brackets need PostgreSQL 13 or newer."
            ),
            _ => DatabaseFault.Of(exception, Path, source.ConnectionString),
        };

    private static string? Login(SourceModel source) =>
        new NpgsqlConnectionStringBuilder(source.ConnectionString).Username;
}
