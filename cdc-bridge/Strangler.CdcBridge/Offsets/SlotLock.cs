using System.Buffers.Binary;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// Reserves a slot for one bridge for the duration of its session. The slot itself is held only while the stream is
/// open: between a look at it and the stream, or between a snapshot and the stream, another bridge would find it free,
/// and fence this one in the log. An advisory lock in the source closes that gap; it is released with its connection.
/// </summary>
internal sealed class SlotLock : IAsyncDisposable
{
    private const string Settings = """
        set idle_session_timeout = 0;
        set tcp_keepalives_idle = 10;
        set tcp_keepalives_interval = 5;
        set tcp_keepalives_count = 3
        """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnection _connection;

    private SlotLock(NpgsqlConnection connection, SlotSession session) =>
        (_connection, Session) = (connection, session);

    /// <summary>The session that holds it.</summary>
    public SlotSession Session { get; }

    /// <summary>Waits until neither another bridge nor any other reader holds the slot.</summary>
    /// <param name="former">
    /// The session in which this bridge held it before it lost its connections, and which it ends if the server hasn't
    /// noticed. Null if it held it in none.
    /// </param>
    /// <exception cref="FaultException">It is still held after <paramref name="patience"/>.</exception>
    public static async Task<SlotLock> TakeAsync(
        NpgsqlDataSource source,
        string slot,
        SlotSession? former,
        TimeSpan patience,
        TimeProvider time,
        BridgeMonitor? monitor,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            // A client whose machine has died is noticed within half a minute, as a walsender would notice it within
            // its timeout.
            await ExecuteAsync(connection, Settings, cancellationToken);
            var began = time.GetTimestamp();
            for (
                var said = false;
                await HolderAsync(connection, source, slot, cancellationToken) is { } holder;
                said = true
            )
            {
                if (time.GetElapsedTime(began) >= patience)
                    throw new FaultException(InUse(slot, holder.Process == 0 ? null : holder.Process, holder.Name));
                if (!said)
                {
                    logger.SlotBusy(slot, holder.Process);
                    if (former is { } lost && lost.Process == holder.Process)
                        await lost.EndAsync(connection, cancellationToken);
                    monitor?.Is(new BridgeStatus.Wait($"The slot '{slot}' is held by process {holder.Process}."));
                }
                await Task.Delay(Poll, time, cancellationToken);
            }
            monitor?.Is(new BridgeStatus.Start());
            return new SlotLock(connection, await SlotSession.OfAsync(connection, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The fault of a slot that another process reads.</summary>
    /// <param name="name">The process's application name; null if unknown.</param>
    public static Fault InUse(string slot, int? process, string? name) =>
        new(
            $"slot '{slot}'",
            $"It is in use by {(process is { } id ? $"process {id}" : "another process")} of the server"
                + $"{(name is null ? "" : $" ('{name}')")}.",
            "End the other bridge, or give this one a slot of its own (Source:slot.name)."
        );

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(EndPatience);
        try
        {
            // Resetting a pooled session is deferred until it is used again.
            await ExecuteAsync(_connection, "select pg_advisory_unlock_all()", limit.Token);
        }
        catch (Exception exception)
            when (exception is NpgsqlException or OperationCanceledException or IOException or InvalidOperationException
            )
        {
            // The connection is lost, and with it the lock.
        }
        await _connection.DisposeAsync();
    }

    /// <summary>Takes the lock, and returns who holds the slot or the lock nevertheless; null if nobody does.</summary>
    private static async Task<(int Process, string? Name)?> HolderAsync(
        NpgsqlConnection connection,
        NpgsqlDataSource source,
        string slot,
        CancellationToken cancellationToken
    )
    {
        const string Held = """
            select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted)
                or pg_try_advisory_lock(@key)
            """;
        const string Holder = """
            select l.pid as "Process", (
                select concat_ws(' ', a.application_name, host(a.client_addr))
                from pg_stat_activity a
                where a.pid = l.pid
            ) as "Name"
            from pg_locks l
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                and l.database = (select oid from pg_database where datname = current_database())
                and (l.classid::bigint << 32) | l.objid::bigint = @key
            limit 1
            """;
        var key = Key(slot);
        var take = new CommandDefinition(Held, new { key }, cancellationToken: cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(take))
        {
            var look = new CommandDefinition(Holder, new { key }, cancellationToken: cancellationToken);
            // none: it has just been released, and the next attempt takes it
            return await connection.QueryFirstOrDefaultAsync<Holder>(look) is { } holder
                ? (holder.Process, holder.Name)
                : (0, null);
        }
        return await SlotState.ReadAsync(source, slot, cancellationToken) is { Process: { } process } state
            ? (process, state.Holder)
            : null;
    }

    /// <summary>Equal in every version, because two bridges must contend for it.</summary>
    private static long Key(string slot) =>
        BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("strangler slot " + slot))
        );

    private static Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken
    ) => connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));

    private sealed record Holder(int Process, string? Name);
}
