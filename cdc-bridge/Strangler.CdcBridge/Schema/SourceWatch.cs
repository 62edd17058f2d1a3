using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Clocks;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Watches the source alongside the stream: compares the catalogue with what was last read, emits heartbeats while the
/// stream is silent, measures the slot. A logical message gives a finding its place in commit order: the finding waits
/// here until the message comes back in the stream.
/// </summary>
internal sealed partial class SourceWatch(
    BridgeConfig config,
    BridgeTimings timings,
    NpgsqlDataSource source,
    BridgeMetrics metrics,
    TimeProvider time,
    ILogger logger,
    SlotWatch? slots = null
)
{
    /// <summary>The prefix of our logical messages.</summary>
    public const string Prefix = "strangler";

    private const int MaxFree = 5;
    private static readonly TimeSpan MaxPeek = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MendAgain = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, CatalogueDifference> _findings = [];
    private readonly Dictionary<string, Refusal> _refused = [];
    private readonly IdentityWatch _identities = new(config, logger);
    private int _free;
    private bool _lookFails,
        _beatFails;
    private volatile KnownTables? _known;
    private long _lastMessage = time.GetTimestamp();
    private volatile Exception? _fault;
    private readonly AgeClock _clock = new(time);
    private long _looked;
    private volatile Exception? _trouble;
    private volatile bool _isRequested;
    private ulong _seen;

    /// <summary>What the watch found that a person has to fix; null if nothing so far.</summary>
    public Exception? Fault => _fault;

    /// <summary>
    /// The source's insert LSN before this watch last found the catalogue equal to what had been read; null if not yet.
    /// </summary>
    public Lsn? Seen => Volatile.Read(ref _seen) is > 0 and var seen ? new Lsn(seen) : null;

    /// <summary>Whether the catalogue hasn't been read for so long that the log must not advance.</summary>
    public bool IsBlind => LookAge > timings.MaxLookAge;

    /// <summary>The time since the last successful look began.</summary>
    public TimeSpan LookAge => _clock.Now() - TimeSpan.FromTicks(Interlocked.Read(ref _looked));

    /// <summary>Why looks fail, and the way out.</summary>
    public string Trouble =>
        _trouble switch
        {
            null or TimeoutException or NpgsqlException { InnerException: TimeoutException } =>
                "A statement doesn't end. Check in pg_stat_activity what the sessions of 'strangler bridge "
                    + $"{config.Prefix}' wait for, and end what blocks them.",
            var trouble => DatabaseFault.Of(trouble, "Source", config.Source) is { } fault
                ? $"{fault.Problem} {fault.WayOut}"
                : $"{trouble.Message}.",
        };

    /// <summary>
    /// The stream reports what has been read; null while something is being read again, so that it isn't found twice.
    /// </summary>
    /// <param name="tables">The tables.</param>
    /// <param name="through">The log's position at which they were so; null if no reader is told.</param>
    public void Known(IReadOnlyList<TableOffset>? tables, Position? through = null) =>
        Known(tables, new HashSet<string>(), through);

    /// <param name="waiting">
    /// Topics in doubt that readers know about and that are read again later: nothing is reported for them in the
    /// meantime.
    /// </param>
    /// <inheritdoc cref="Known(IReadOnlyList{TableOffset}, Position?)"/>
    public void Known(IReadOnlyList<TableOffset>? tables, IReadOnlySet<string> waiting, Position? through = null) =>
        _known = tables is null ? null : new KnownTables(tables, waiting, through);

    /// <summary>The stream reports that something arrived.</summary>
    public void MessageArrived() => Interlocked.Exchange(ref _lastMessage, time.GetTimestamp());

    /// <summary>
    /// The stream is requested, and holds the slot from now on. A free slot means nothing before that: the log may take
    /// its time to say that it is verified.
    /// </summary>
    public void StreamRequested() => _isRequested = true;

    /// <summary>The finding whose message came back; null if it is from an earlier run.</summary>
    public CatalogueDifference? Take(string content) => _findings.TryRemove(content, out var finding) ? finding : null;

    /// <summary>
    /// Emits a message that comes back immediately, so that the stream passes a point in commit order.
    /// </summary>
    public Task MarkAsync(CancellationToken cancellationToken) => EmitAsync("mark", cancellationToken);

    /// <summary>
    /// Emits heartbeats and compares, neither waiting for the other, until it is cancelled or has found a fault.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] loops =
        [
            RepeatAsync(BeatAsync, timings.Heartbeat, ended.Token),
            RepeatAsync(LookOnceAsync, timings.Watch, ended.Token),
            .. config.Events.Heartbeat is { Query: { } query, Interval: var interval } && interval > TimeSpan.Zero
                ? [RepeatAsync(new HeartbeatQuery(source, query, logger).RunAsync, interval, ended.Token)]
                : Array.Empty<Task>(),
        ];
        try
        {
            await await Task.WhenAny(loops);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(loops)
                .ContinueWith(
                    static _ => { },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
        }
    }

    private async Task RepeatAsync(
        Func<CancellationToken, Task> step,
        TimeSpan interval,
        CancellationToken cancellationToken
    )
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                await step(cancellationToken);
            }
            // If the watch ended unnoticed, so would alterations: whatever ends it ends the stream too.
#pragma warning disable CA1031
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                _fault = exception;
            }
            if (_fault is not null)
                return;
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task LookOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
            _lookFails = false;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            // The stream notices a lost connection; the next tick looks again.
            _trouble = exception;
            if (_lookFails)
                logger.WatchFailsStill(exception.Message);
            else
                logger.WatchFailed(exception.Message);
            _lookFails = true;
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _lastMessage)) < timings.Heartbeat)
            return;
        try
        {
            await EmitAsync("heartbeat", cancellationToken);
            _beatFails = false;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            if (_beatFails)
                logger.HeartbeatFailsStill(exception.Message);
            else
                logger.HeartbeatFailed(exception.Message);
            _beatFails = true;
        }
    }

    /// <summary>Compares once.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var (began, told) = (_clock.Now(), _known);
        var slot = await SlotState.ReadAsync(source, config.Slot, cancellationToken);
        slots?.See(slot);
        if (slot is not null && await StreamErrorAsync(slot, cancellationToken) is { } error)
        {
            _fault = error;
            return;
        }
        if (told is not var (known, waiting, _) || !_findings.IsEmpty)
        {
            Looked(began); // one finding at a time: the next look compares with the result of that one's reading
            return;
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var before = await InsertLsnAsync(connection, cancellationToken);
        var catalogue = await SourceCatalogue.ReadAsync(connection, config, known, cancellationToken);
        _identities.See(catalogue);
        var states = CapturePlan.Of(config, known, catalogue);
        var difference = CatalogueDifference.Between(known, [.. states.Where(state => !waiting.Contains(state.Topic))]);
        if (!ReferenceEquals(told, _known))
            return;
        metrics.InDoubt(
            states.Count(state =>
                waiting.Contains(state.Topic)
                || state.DoubtAfter(known.FirstOrDefault(table => table.Topic == state.Topic)) is not null
            )
        );
        if (difference.IsEmpty)
            Volatile.Write(ref _seen, before.Value);
        else
            await TellAsync(connection, difference, cancellationToken);
        Looked(began);
        await MendAsync(connection, known, catalogue, cancellationToken); // readers have been told, so this may wait
    }

    private void Looked(TimeSpan began)
    {
        _trouble = null;
        Interlocked.Exchange(ref _looked, began.Ticks);
    }

    private async Task TellAsync(
        NpgsqlConnection connection,
        CatalogueDifference difference,
        CancellationToken cancellationToken
    )
    {
        var content = $"difference {Guid.CreateVersion7(time.GetUtcNow())}";
        _findings[content] = difference;
        try
        {
            await EmitAsync(connection, content, cancellationToken); // a second connection might be refused
        }
        catch
        {
            _findings.TryRemove(content, out _);
            throw;
        }
    }

    /// <summary>
    /// Compares the current catalogue with what was last read, for a caller that places the difference itself.
    /// </summary>
    public async Task<CatalogueDifference> CompareAsync(
        IReadOnlyList<TableOffset> known,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var catalogue = await SourceCatalogue.ReadAsync(connection, config, known, cancellationToken);
        return CatalogueDifference.Between(known, CapturePlan.Of(config, known, catalogue));
    }

    /// <summary>
    /// Makes the publication match what is captured, as far as the bridge may. A look waits for one lock at most, and
    /// the statement refused longest ago comes first. A statement that failed for another reason is not tried at every
    /// look.
    /// </summary>
    private async Task MendAsync(
        NpgsqlConnection connection,
        IReadOnlyList<TableOffset> known,
        SourceCatalogue now,
        CancellationToken cancellationToken
    )
    {
        var statements = PublicationPlan.Fix(config, known, now);
        foreach (var old in _refused.Keys.Except(statements).ToList())
            _refused.Remove(old);
        foreach (var statement in statements.OrderBy(statement => _refused.GetValueOrDefault(statement)?.At ?? 0))
        {
            var before = _refused.GetValueOrDefault(statement);
            if (before is { IsLocked: false } && time.GetElapsedTime(before.At) < MendAgain)
                continue;
            var reason = await Publication.TryAsync(connection, statement, logger, cancellationToken);
            if (reason is null)
                continue;
            if (reason.MessageText != before?.Reason)
                logger.PublicationNotMended(statement, reason, Publication.IsLocked(reason));
            _refused[statement] = new Refusal(time.GetTimestamp(), reason.MessageText, Publication.IsLocked(reason));
            if (Publication.IsLocked(reason))
                return;
        }
    }

    private sealed record KnownTables(
        IReadOnlyList<TableOffset> Tables,
        IReadOnlySet<string> Waiting,
        Position? Through
    );

    private static async Task<Lsn> InsertLsnAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Lsn.Parse(
            (
                await connection.ExecuteScalarAsync<string>(
                    new CommandDefinition(
                        "select pg_current_wal_insert_lsn()::text",
                        cancellationToken: cancellationToken
                    )
                )
            )!
        );

    private async Task EmitAsync(string content, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await EmitAsync(connection, content, cancellationToken);
    }

    private static async Task EmitAsync(
        NpgsqlConnection connection,
        string content,
        CancellationToken cancellationToken
    )
    {
        // whatever the server's default is, the commit is written to its disk, and what came before it too
        await using var command = new NpgsqlCommand(
            "select set_config('synchronous_commit', 'local', true), pg_logical_emit_message(true, $1, $2)",
            connection
        );
        command.Parameters.AddWithValue(Prefix);
        command.Parameters.AddWithValue(content);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A statement that the server refused.</summary>
    /// <param name="IsLocked">Whether it was refused for a lock, which may be granted at any time.</param>
    private sealed record Refusal(long At, string Reason, bool IsLocked);
}
