using System.Collections.Immutable;
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
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Reads tables in an exported snapshot, as text, and writes their rows as Debezium's <c>r</c> events.
/// </summary>
internal sealed class SnapshotReader : IAsyncDisposable
{
    /// <summary>
    /// Types whose cast to text differs from their output function, so that <c>format</c> must write them: bool, char,
    /// name, xml, cidr, inet, bpchar. Extension types may have such casts too.
    /// </summary>
    private static readonly HashSet<uint> CastsDiffer = [16, 18, 19, 142, 650, 869, 1042];
    private const uint FirstNormalOid = 16_384;

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

    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<string, Fault> _keyFaults = [];
    private readonly EnvelopeWriter _envelopes;

    private readonly EventProfile _profile;
    private readonly OutboxRecords? _outbox;
    private IReadOnlyDictionary<string, string> _overrides = ImmutableSortedDictionary<string, string>.Empty;

    private SnapshotReader(
        NpgsqlConnection connection,
        IReadOnlyList<TableState> tables,
        EnvelopeWriter envelopes,
        EventProfile profile,
        OutboxRouter? outbox
    )
    {
        (_connection, Tables, _envelopes, _profile) = (connection, tables, envelopes, profile);
        _outbox = outbox is null ? null : new OutboxRecords(outbox, envelopes);
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
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, "begin isolation level repeatable read, read only", cancellationToken);
            await ExecuteAsync(
                connection,
                $"set transaction snapshot '{slot.Snapshot.Replace("'", "''", StringComparison.Ordinal)}'",
                cancellationToken
            );
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
            var text = raw ? SourceText.Raw(config.Encoding) : SourceText.Utf8;
            var reader = new SnapshotReader(
                connection,
                tables,
                new EnvelopeWriter(profile, config.Database, time, text)
                {
                    AreKeysConverted = text.IsBlind,
                    Logger = logger,
                },
                profile,
                outbox
            )
            {
                Unpublished = [.. unpublished],
                _overrides = config.Snapshot.Overrides,
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
            if (raw)
                // after the catalogue was read, whose names are text
                await ExecuteAsync(connection, "set client_encoding = 'SQL_ASCII'", cancellationToken);
            return reader;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The index of the last table that has a row; -1 if none has.</summary>
    public async Task<int> LastWithRowsAsync(IReadOnlyList<CatalogueTable> tables, CancellationToken cancellationToken)
    {
        for (var i = tables.Count - 1; i >= 0; i--)
        {
            var any = new CommandDefinition(
                $"select exists (select from {Rows(tables[i])})",
                cancellationToken: cancellationToken
            );
            if (await _connection.ExecuteScalarAsync<bool>(any))
                return i;
        }
        return -1;
    }

    /// <summary>Writes all rows of a table.</summary>
    /// <param name="words">Debezium's words for the first, a middle and the last row.</param>
    /// <param name="flushIfFull">Called after each row; appends when enough has been collected.</param>
    /// <returns>The number of rows.</returns>
    public async Task<long> ReadAsync(
        CatalogueTable table,
        RelationModel model,
        RecordSink sink,
        Func<bool, bool, string> words,
        ChangeSource at,
        Func<ValueTask> flushIfFull,
        CancellationToken cancellationToken
    )
    {
        var columns = table.Columns.Select(
            (column, i) =>
                _envelopes.AreKeysConverted && model.Key.Contains(i) ? Converted(AsText(column)) : AsText(column)
        );
        var sql = $"copy (select {string.Join(", ", columns)} from {Rows(table)}) to stdout (format binary)";
        try
        {
            await using var copy = await _connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
            using var rows = new CopyRows(copy);
            var slices = new TupleSlices();
            byte[]? key = null;
            IReadOnlyList<LogHeader> headers = [];
            long count = 0;
            // The last row is written differently, so a row can only be written once it is known whether another
            // follows. Its bytes are gone by then, so both possible events are kept.
            (byte[] Middle, byte[] Last)? held = null;
            var outbox = _outbox?.Find(model);
            while (await rows.ReadAsync(slices, cancellationToken))
            {
                if (outbox is not null)
                {
                    _outbox!.Add(outbox, rows.Row(slices), default, _profile.Headers, sink);
                    count++;
                    await flushIfFull();
                    continue;
                }
                if (held is { } before)
                {
                    sink.Add(LogRecordKind.Data, model.EventTopic, key, headers, before.Middle);
                    await flushIfFull();
                }
                (key, held, headers) = Write(rows.Row(slices), count == 0);
                count++;
            }
            if (held is { } last)
                sink.Add(LogRecordKind.Data, model.EventTopic, key, headers, last.Last);
            return count;
        }
        catch (PostgresException exception)
            when (exception.SqlState
                    is PostgresErrorCodes.UndefinedColumn
                        or PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InsufficientPrivilege
            )
        {
            throw new SnapshotSupersededException($"{table.Schema}.{table.Table}", exception);
        }

        (byte[]?, (byte[], byte[]), IReadOnlyList<LogHeader>) Write(RowTuple row, bool first)
        {
            var middle = _envelopes.Row(model, 'r', default, row, at with { Snapshot = words(first, false) });
            var lastWord = words(first, true);
            var last =
                lastWord == words(first, false)
                    ? middle
                    : _envelopes.Row(model, 'r', default, row, at with { Snapshot = lastWord });
            IReadOnlyList<LogHeader> headers = _envelopes.Headers is { Count: > 0 } own
                ? [.. _profile.Headers, .. own]
                : _profile.Headers;
            return (_envelopes.Key(model, row), (middle, last), headers);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

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
            .Select(column => Converted(AsText(column)))
            .ToList();
        if (keys.Count == 0)
            return null;
        await ExecuteAsync(connection, "savepoint keys", cancellationToken);
        try
        {
            // forces each to be computed
            var none = string.Join(" or ", keys.Select(key => $"octet_length({key}) < 0"));
            await ExecuteAsync(connection, $"select count(*) from {From(table)} where {none}", cancellationToken);
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

    /// <summary>The rows that are read: the table's, or those of the statement that takes its place.</summary>
    private string Rows(CatalogueTable table) =>
        _overrides.GetValueOrDefault(table.Name.ToString()) is { } statement ? $"({statement}) x"
        : _profile.ReadsAllColumns ? SqlName.Quote(table.Schema, table.Table) // with the rows of tables that inherit
        : From(table);

    private static string From(CatalogueTable table) =>
        $"{(table.Partitioned ? "" : "only ")}{SqlName.Quote(table.Schema, table.Table)}";

    /// <summary>UTF-8 bytes, which are not converted again.</summary>
    private static string Converted(string text) => $"convert_to({text}, 'UTF8')";

    private static string AsText(CatalogueColumn column)
    {
        var name = SqlName.Quote(column.Name);
        return
            column.Type.ElementOid == 0
            && (CastsDiffer.Contains(column.Type.BaseOid) || column.Type.BaseOid >= FirstNormalOid)
            ? $"case when {name} is null then null else format('%s', {name}) end"
            : $"{name}::text";
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
