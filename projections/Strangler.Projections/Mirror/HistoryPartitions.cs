using System.Data;
using System.Globalization;
using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Mirror;

/// <summary>
/// The partitions of history, one per hour of our clock: created before they are written to, and dropped whole when
/// they are older than the retention. Each is handled in its own transaction, so that only one table's locks are held,
/// and with a lock timeout: a long reader, such as a backup, must block neither us nor the sessions that would queue
/// behind us.
/// </summary>
internal sealed class HistoryPartitions(NpgsqlDataSource store, IReadOnlyList<MirrorTable> tables)
{
    private const string NameFormat = "yyyyMMddHH";
    private const int Attempts = 30;
    private const string LockLimit = "set local lock_timeout = '2s'";
    private static readonly TimeSpan Length = TimeSpan.FromHours(1);
    private static readonly TimeSpan AheadInterval = TimeSpan.FromMinutes(1);
    private readonly HashSet<DateTimeOffset> _made = [];
    private DateTimeOffset _aheadAt;

    /// <summary>
    /// Whether a partition certainly exists for versions that end at <paramref name="now"/>, and nothing has to be done
    /// for the next hour yet.
    /// </summary>
    public bool IsMade(DateTimeOffset now) =>
        _made.Contains(StartOf(now)) && (_made.Contains(StartOf(now) + Length) || now < _aheadAt);

    /// <summary>Creates the partition of this hour, and that of the next if no lock prevents it.</summary>
    /// <exception cref="FaultException">Another session has locked history for a minute.</exception>
    public async Task MakeAsync(Checkpoint checkpoint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var start = StartOf(now);
        for (var attempt = 1; await BlockedAsync(checkpoint, start, cancellationToken) is { } table; attempt++)
        {
            if (attempt == Attempts)
                throw new FaultException(
                    new Fault(
                        table.History,
                        "No partition could be created for the versions of this hour: another session holds a lock "
                            + "on the table.",
                        "End that session; pg_locks shows which it is."
                    )
                );
        }
        _aheadAt = now + AheadInterval;
        await BlockedAsync(checkpoint, start + Length, cancellationToken);
    }

    /// <summary>
    /// Drops partitions that ended before <paramref name="keepFrom"/>, and records the position from which the past can
    /// still be read: the last at which a dropped version ended. Partitions that are being read are left for the next
    /// time.
    /// </summary>
    /// <returns>How many partitions were dropped.</returns>
    public async Task<int> DropAsync(
        Checkpoint checkpoint,
        DateTimeOffset keepFrom,
        CancellationToken cancellationToken
    )
    {
        var dropped = 0;
        foreach (var table in tables)
        {
            foreach (var (name, start) in await OldAsync(table, keepFrom, cancellationToken))
            {
                if (
                    !await TryAsync(
                        checkpoint,
                        session => DropAsync(session, checkpoint.Source, name, cancellationToken),
                        cancellationToken
                    )
                )
                    return dropped;
                _made.Remove(start);
                dropped++;
            }
        }
        return dropped;
    }

    private static async Task DropAsync(
        StoreSession session,
        string source,
        string name,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync(
            $"""
            update projections.checkpoint c set kept_epoch = v.to_epoch, kept_commit = v.to_commit
            from (select to_epoch, to_commit from {name} order by to_epoch desc, to_commit desc limit 1) as v
            where c.source = $1 and (c.kept_epoch is null or (c.kept_epoch, c.kept_commit) < (v.to_epoch, v.to_commit))
            """,
            [source],
            cancellationToken
        );
        await session.ExecuteAsync($"drop table {name}", [], cancellationToken);
    }

    private async Task<List<(string Name, DateTimeOffset Start)>> OldAsync(
        MirrorTable table,
        DateTimeOffset keepFrom,
        CancellationToken cancellationToken
    )
    {
        var old = new List<(string, DateTimeOffset)>();
        await using var session = await StoreSession.BeginAsync(store, cancellationToken);
        await foreach (
            var row in session.QueryAsync(
                "select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::text::regclass "
                    + "order by 1",
                [table.History],
                cancellationToken
            )
        )
        {
            var name = row.GetString("name");
            if (
                DateTimeOffset.TryParseExact(
                    name[(name.LastIndexOf('_') + 1)..].Trim('"'),
                    NameFormat,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var start
                )
                && start + Length <= keepFrom
            )
                old.Add((name, start));
        }
        return old;
    }

    /// <summary>
    /// Creates an hour's partition of every table. Returns the table on which a lock prevented it; null when all are
    /// created.
    /// </summary>
    private async Task<MirrorTable?> BlockedAsync(
        Checkpoint checkpoint,
        DateTimeOffset start,
        CancellationToken cancellationToken
    )
    {
        if (_made.Contains(start))
            return null;
        foreach (var table in tables)
        {
            if (
                !await TryAsync(
                    checkpoint,
                    session => MakeAsync(session, table, start, cancellationToken),
                    cancellationToken
                )
            )
                return table;
        }
        _made.Add(start);
        return null;
    }

    // Unlike creating a partition, attaching an existing table doesn't conflict with readers.
    private static async Task MakeAsync(
        StoreSession session,
        MirrorTable table,
        DateTimeOffset start,
        CancellationToken cancellationToken
    )
    {
        var name = $"{table.History}_{start.ToString(NameFormat, CultureInfo.InvariantCulture)}";
        if (await session.ScalarAsync<bool>("select to_regclass($1::text) is not null", [name], cancellationToken))
            return;
        await session.ExecuteAsync(
            $"create table {name} (like {table.History} including defaults including constraints)",
            [],
            cancellationToken
        );
        await session.ExecuteAsync(
            $"alter table {table.History} attach partition {name} for values from ('{start:yyyy-MM-dd HH:mm:ss}+00') "
                + $"to ('{start + Length:yyyy-MM-dd HH:mm:ss}+00')",
            [],
            cancellationToken
        );
    }

    private async Task<bool> TryAsync(
        Checkpoint checkpoint,
        Func<StoreSession, Task> work,
        CancellationToken cancellationToken
    )
    {
        await using var session = await StoreSession.BeginAsync(store, cancellationToken);
        await checkpoint.HoldAsync(session, cancellationToken);
        await session.ExecuteAsync(LockLimit, [], cancellationToken);
        try
        {
            await work(session);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
        await session.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The hour that contains a time: each new hour, old partitions are searched for.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset now) =>
        new(now.UtcTicks - (now.UtcTicks % Length.Ticks), TimeSpan.Zero);
}
