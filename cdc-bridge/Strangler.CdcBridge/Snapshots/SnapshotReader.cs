using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// An exported snapshot, imported: the tables as it shows them, locked against being altered, and the connections that
/// read their rows.
/// </summary>
internal sealed class SnapshotReader : IAsyncDisposable
{
    /// <summary>
    /// Types whose text is ASCII: bool, bytea, int8, int2, int4, oid, floats, times, numeric, uuid.
    /// </summary>
    private static readonly HashSet<uint> Ascii =
    [
        16,
        17,
        20,
        21,
        23,
        26,
        700,
        701,
        1082,
        1083,
        1114,
        1184,
        1700,
        2950,
    ];

    private readonly Dictionary<string, Fault> _keyFaults = [];
    private readonly List<TableReader> _readers = [];
    private readonly Func<CancellationToken, Task<TableReader>> _openAnother;
    private readonly NpgsqlDataSource _source;
    private readonly ILogger _logger;

    private SnapshotReader(
        IReadOnlyList<TableState> tables,
        TableReader first,
        Func<CancellationToken, Task<TableReader>> openAnother,
        NpgsqlDataSource source,
        ILogger logger
    )
    {
        (Tables, _openAnother, _source, _logger) = (tables, openAnother, source, logger);
        _readers.Add(first);
    }

    /// <summary>The captured tables as of the snapshot.</summary>
    public IReadOnlyList<TableState> Tables { get; }

    /// <summary>
    /// Selected tables that aren't published, such as a partitioned one whose partitions are: the connector's snapshot
    /// reads their rows nevertheless.
    /// </summary>
    public IReadOnlyList<CatalogueTable> Unpublished { get; private init; } = [];

    /// <summary>Why a table is not read, according to the catalogue; null if it is.</summary>
    public static Fault? Obstacle(TableState table) => table.Gap ?? table.Unreadable;

    /// <summary>
    /// Why a table is not read because its keys have no equivalent in UTF-8, and would be read as bytes here and as
    /// text elsewhere; null if it is read.
    /// </summary>
    public Fault? KeyFault(TableState table) => _keyFaults.GetValueOrDefault(table.Topic);

    /// <summary>
    /// Imports the snapshot and locks the tables against being altered (ACCESS SHARE, as pg_dump does).
    /// </summary>
    /// <param name="known">What the log holds.</param>
    /// <param name="wanted">Which of the captured tables will be read, if they can be.</param>
    /// <param name="raw">
    /// Whether values are read as the database's own bytes. Keys that couldn't be decoded are converted nevertheless,
    /// so that a row has the same key here as in the stream.
    /// </param>
    /// <exception cref="SnapshotSupersededException">A table has been altered since the snapshot.</exception>
    public static async Task<SnapshotReader> OpenAsync(
        NpgsqlDataSource source,
        ExportedSlot slot,
        BridgeConfig config,
        EventProfile profile,
        OutboxRouter? outbox,
        IReadOnlyList<TableOffset> known,
        Func<TableState, bool> wanted,
        bool raw,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var text = raw ? SourceText.Raw(config.Encoding) : SourceText.Utf8;
        var connection = await ImportAsync(source, slot, cancellationToken);
        try
        {
            var tables = CapturePlan.Of(
                config,
                known,
                await SourceCatalogue.ReadAsync(connection, config, known, cancellationToken)
            );
            var published = tables.Where(table => table.Table is not null).Select(table => table.Oid).ToHashSet();
            var unpublished = profile.ReadsAllColumns
                ? (await CatalogueQuery.AllAsync(connection, config.Publication, cancellationToken)).Where(table =>
                    table.IsTable && config.Tables.Selects(table.Name) && !published.Contains(table.Oid)
                )
                : [];
            var reader = new SnapshotReader(tables, Reader(connection), OpenAnotherAsync, source, logger)
            {
                Unpublished = [.. unpublished],
            };
            foreach (var table in tables.Where(table => wanted(table) && Obstacle(table) is null))
            {
                await LockAsync(connection, table.Table!, cancellationToken);
                if (
                    SourceText.IsBlindTo(config.Encoding)
                    && await KeyFaultAsync(connection, table.Table!, config, cancellationToken) is { } fault
                )
                    reader._keyFaults[table.Topic] = fault;
            }
            foreach (var table in reader.Unpublished)
                await LockAsync(connection, table, cancellationToken);
            if (raw) // after the catalogue was read, whose names are text
                await TakeBytesAsync(connection, cancellationToken);
            return reader;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        TableReader Reader(NpgsqlConnection connection, Func<CatalogueTable, CancellationToken, Task>? guard = null) =>
            new(
                connection,
                new EnvelopeWriter(profile, config.Database, time, text)
                {
                    AreKeysConverted = text.IsBlind,
                    Logger = logger,
                },
                profile,
                outbox,
                config.Snapshot.Overrides
            )
            {
                LockAsync = guard,
            };

        async Task<TableReader> OpenAnotherAsync(CancellationToken token)
        {
            var another = await ImportAsync(source, slot, token);
            try
            {
                // see TableReaders
                await ExecuteAsync(another, "set local lock_timeout = '1s'", token);
                if (raw)
                    await TakeBytesAsync(another, token);
                return Reader(another, (table, token) => LockAsync(another, table, token));
            }
            catch
            {
                await another.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>
    /// So many connections that read tables, or fewer if the server accepts no more: then it takes longer, and the last
    /// one is given back, so that the source's other clients find one.
    /// </summary>
    public async Task<TableReaders> ReadersAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            while (_readers.Count < count)
                _readers.Add(await _openAnother(cancellationToken));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            if (_readers.Count > 1)
            {
                await _readers[^1].DisposeAsync();
                _readers.RemoveAt(_readers.Count - 1);
                _source.Clear(); // the pool would keep it
            }
            _logger.SnapshotReadersFewer(_readers.Count, count);
        }
        return new TableReaders(_readers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers)
            await reader.DisposeAsync();
    }

    private static async Task<NpgsqlConnection> ImportAsync(
        NpgsqlDataSource source,
        ExportedSlot slot,
        CancellationToken cancellationToken
    )
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, "begin isolation level repeatable read, read only", cancellationToken);
            await ExecuteAsync(
                connection,
                $"set transaction snapshot '{slot.Snapshot.Replace("'", "''", StringComparison.Ordinal)}'",
                cancellationToken
            );
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static Task<int> TakeBytesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, "set client_encoding = 'SQL_ASCII'", cancellationToken);

    /// <summary>
    /// Converts every key to UTF-8 once. A session that converts could not read any row of a table whose keys have no
    /// equivalent, and one that doesn't would write keys that no other session writes.
    /// </summary>
    private static async Task<Fault?> KeyFaultAsync(
        NpgsqlConnection connection,
        CatalogueTable table,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        var model = table.ToModel(new StranglerProfile(config.Prefix));
        var keys = model
            .Key.Select(i => table.Columns[i])
            .Where(column => column.Type.ElementOid != 0 || !Ascii.Contains(column.Type.BaseOid))
            .Select(column => TableReader.Converted(TableReader.AsText(column)))
            .ToList();
        if (keys.Count == 0)
            return null;
        await ExecuteAsync(connection, "savepoint keys", cancellationToken);
        try
        {
            // forces each to be computed
            var none = string.Join(" or ", keys.Select(key => $"octet_length({key}) < 0"));
            await ExecuteAsync(
                connection,
                $"select count(*) from {TableReader.From(table)} where {none}",
                cancellationToken
            );
            return null;
        }
        catch (PostgresException exception) when (SourceFaults.IsConversionError(exception))
        {
            await ExecuteAsync(connection, "rollback to savepoint keys", cancellationToken);
            return new Fault(
                table.Name.ToString(),
                $"A key of it has no equivalent in UTF-8 ({exception.MessageText}), so that the rows of the table "
                    + "would have other keys wherever the server converts nothing.",
                "Fix the key, and the table is read by itself. Its bytes are in the error of: SELECT "
                    + $"{string.Join(", ", keys)} FROM {SqlName.Quote(table.Schema, table.Table)}"
            );
        }
    }

    /// <summary>
    /// Once the lock is held, the files that the snapshot knows, of all partitions, must be the current ones: reading a
    /// rewritten table in an older snapshot returns no rows.
    /// </summary>
    private static async Task LockAsync(
        NpgsqlConnection connection,
        CatalogueTable table,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await ExecuteAsync(
                connection,
                $"lock table {(table.Partitioned ? "" : "only ")}{SqlName.Quote(table.Schema, table.Table)} in "
                    + "access share mode",
                cancellationToken
            );
        }
        catch (PostgresException exception)
            when (exception.SqlState
                    is PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InvalidSchemaName
                        or PostgresErrorCodes.WrongObjectType
                        or PostgresErrorCodes.InsufficientPrivilege
            )
        {
            throw new SnapshotSupersededException($"{table.Schema}.{table.Table}", exception);
        }
        const string Same = """
            with recursive tree as (
                select c.oid, c.relkind, c.relfilenode from pg_class c where c.oid = @oid::bigint::oid
                union all
                select f.oid, f.relkind, f.relfilenode
                from tree t
                join pg_inherits i on i.inhparent = t.oid and not i.inhdetachpending
                join pg_class f on f.oid = i.inhrelid
                where t.relkind = 'p'
            )
            select array(select (oid, case when relkind = 'p' then 0 else relfilenode end)::text from tree order by 1)
                = array(
                    select (relid, coalesce(pg_relation_filenode(relid), 0))::text
                    from (
                        select relid::oid from pg_partition_tree(@oid::bigint::oid::regclass)
                        union
                        select @oid::bigint::oid
                    ) parts
                    order by 1
                )
            """;
        var same = await connection.ExecuteScalarAsync<bool?>(
            new CommandDefinition(Same, new { oid = (long)table.Oid }, cancellationToken: cancellationToken)
        );
        if (same is not true)
            throw new SnapshotSupersededException($"{table.Schema}.{table.Table}");
    }

    private static Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken
    ) => connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
}
