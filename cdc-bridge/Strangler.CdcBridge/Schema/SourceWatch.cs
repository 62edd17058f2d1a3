using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Looks at the source beside the stream: compares the catalogue with what was read last, emits heartbeats into the silence, measures the slot. What it finds gets its place in the order of commits by a
/// logical message: the finding waits here until the message comes back in the stream.
/// </summary>
internal sealed class SourceWatch(BridgeConfig config, BridgeTimings timings, NpgsqlDataSource source, BridgeMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>The prefix of our logical messages.</summary>
    public const string Prefix = "strangler";

    private readonly ConcurrentDictionary<string, CatalogueDifference> _findings = [];
    private volatile IReadOnlyList<TableOffset>? _tables;
    private long _lastMessage = time.GetTimestamp();
    private volatile Exception? _fault;
    private ulong _seen;

    /// <summary>What the watch found that a person has to mend; null so far.</summary>
    public Exception? Fault => _fault;

    /// <summary>The source's insert LSN before the catalogue was last found to be what had been read, by this watch; null so far.</summary>
    public Lsn? Seen => Volatile.Read(ref _seen) is > 0 and var seen ? new Lsn(seen) : null;

    /// <summary>The stream tells what has been read; null while something is still to be read again, so that it is not found twice.</summary>
    public void Known(IReadOnlyList<TableOffset>? tables) => _tables = tables;

    /// <summary>The stream tells that something came.</summary>
    public void Heard() => Interlocked.Exchange(ref _lastMessage, time.GetTimestamp());

    /// <summary>The finding whose message came back; null if it is of an earlier run.</summary>
    public CatalogueDifference? Take(string content) => _findings.TryRemove(content, out var finding) ? finding : null;

    /// <summary>Emits a message that comes back at once, so that a point in the order is passed.</summary>
    public Task MarkAsync(CancellationToken cancellationToken) => EmitAsync("mark", cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(timings.Watch < timings.Heartbeat ? timings.Watch : timings.Heartbeat, time);
        do
        {
            await BeatAsync(cancellationToken);
            try
            {
                await LookAsync(cancellationToken);
            }
            catch (FaultException exception)
            {
                _fault = exception;
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                logger.WatchFailed(exception); // a lost connection is the stream's to notice; the next tick looks again
            }
#pragma warning disable CA1031 // a watch that ended unseen would let alterations pass unnoticed: whatever ended it ends the stream too
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                _fault = exception;
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _lastMessage)) < timings.Heartbeat) return;
        try
        {
            await EmitAsync("heartbeat", cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            logger.HeartbeatFailed(exception);
        }
    }

    /// <summary>Compares once.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var known = _tables;
        if (await SlotState.ReadAsync(source, config.Slot, cancellationToken) is { } slot) metrics.Retained(slot.Retained);
        if (known is null || !_findings.IsEmpty) return; // one finding at a time: the next is compared with what that one's reading brings
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var before = await InsertLsnAsync(connection, cancellationToken);
        if (await PublicationState.ReadAsync(connection, config.Publication, cancellationToken) is not { } publication)
            throw new FaultException(new Fault("Source:publication.name", $"The publication '{config.Publication}' was dropped: from there on the stream cannot be read.", "Create it again with the same tables; if the stream stops at the old place nevertheless, take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true)."));
        if (!publication.PublishesAll) throw new FaultException(new Fault("Source:publication.name", $"The publication '{config.Publication}' was altered and does not publish every kind of change any more: rows are missed.",
            "Run: ALTER PUBLICATION … SET (publish = 'insert, update, delete, truncate'), then take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true)."));
        var now = await Catalogue.ReadAsync(connection, config.Publication, cancellationToken);
        var difference = CatalogueDifference.Between(known, now, config.Prefix);
        if (!ReferenceEquals(known, _tables)) return;
        if (difference.IsEmpty)
        {
            Volatile.Write(ref _seen, before.Value);
            return;
        }
        await CheckMissingAsync(connection, [.. difference.Missing.Where(table => !now.Any(other => other.Oid == table.Oid))], cancellationToken);
        var content = $"difference {Guid.CreateVersion7(time.GetUtcNow())}";
        _findings[content] = difference;
        try
        {
            await EmitAsync(content, cancellationToken);
        }
        catch
        {
            _findings.TryRemove(content, out _);
            throw;
        }
    }

    /// <summary>A table that was dropped is simply gone; one that still exists was taken out of the publication, and its changes are missed.</summary>
    private async Task CheckMissingAsync(NpgsqlConnection connection, IReadOnlyList<TableOffset> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0) return;
        const string Sql = "select oid::bigint from pg_class where oid = any(@oids::oid[])";
        var existing = (await connection.QueryAsync<long>(new CommandDefinition(Sql, new { oids = missing.Select(table => (long)table.Oid).ToArray() }, cancellationToken: cancellationToken))).ToHashSet();
        var faults = missing.Where(table => existing.Contains(table.Oid)).Select(table => new Fault(
            "Source:publication.name",
            $"The table of '{table.Topic}' was taken out of the publication '{config.Publication}': its changes are missed from there on.",
            "Start again: in the mode 'filtered' it is put back and read again; else put it back, or take it out of table.include.list."));
        if (faults.ToList() is [_, ..] found) throw new FaultException(found);
    }

    private static async Task<Lsn> InsertLsnAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Lsn.Parse((await connection.ExecuteScalarAsync<string>(new CommandDefinition("select pg_current_wal_insert_lsn()::text", cancellationToken: cancellationToken)))!);

    private async Task EmitAsync(string content, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select pg_logical_emit_message(true, $1, $2)");
        command.Parameters.AddWithValue(Prefix);
        command.Parameters.AddWithValue(content);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
