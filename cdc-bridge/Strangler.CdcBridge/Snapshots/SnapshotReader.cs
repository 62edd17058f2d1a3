using Dapper;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
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
    /// Types whose cast to text is another function than their output, so that <c>format</c> must write them: bool,
    /// char, name, xml, cidr, inet, bpchar. Types of extensions too may have such casts.
    /// </summary>
    private static readonly HashSet<uint> CastsDiffer = [16, 18, 19, 142, 650, 869, 1042];
    private const uint FirstNormalOid = 16_384;

    private readonly NpgsqlConnection _connection;

    private SnapshotReader(NpgsqlConnection connection, IReadOnlyList<TableState> tables) =>
        (_connection, Tables) = (connection, tables);

    /// <summary>The captured tables as the snapshot has them.</summary>
    public IReadOnlyList<TableState> Tables { get; }

    /// <summary>Why a table is not read; null if it is.</summary>
    public static Fault? Obstacle(TableState table) => table.Gap ?? table.Unreadable;

    /// <summary>
    /// Takes up the snapshot and locks the tables against being altered (ACCESS SHARE, as pg_dump does).
    /// </summary>
    /// <param name="known">What the log holds.</param>
    /// <param name="wanted">Which of the captured tables will be read, if they can be.</param>
    /// <exception cref="SnapshotSupersededException">A table has been altered since the snapshot.</exception>
    public static async Task<SnapshotReader> OpenAsync(
        NpgsqlDataSource source,
        ExportedSlot slot,
        BridgeConfig config,
        IReadOnlyList<TableOffset> known,
        Func<TableState, bool> wanted,
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
            foreach (var table in tables.Where(table => wanted(table) && Obstacle(table) is null))
                await LockAsync(connection, table.Table!, cancellationToken);
            if (config.IsRaw)
                // behind the catalogue, whose names are text
                await ExecuteAsync(connection, "set client_encoding = 'SQL_ASCII'", cancellationToken);
            return new SnapshotReader(connection, tables);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes all rows of a table.</summary>
    /// <param name="words">Debezium's words for the first, a middle and the last row.</param>
    /// <param name="flushIfFull">Called behind each row; appends when enough has been collected.</param>
    /// <returns>How many rows there were.</returns>
    public async Task<long> ReadAsync(
        CatalogueTable table,
        RelationModel model,
        EnvelopeWriter envelopes,
        RecordSink sink,
        Func<bool, bool, string> words,
        ChangeSource at,
        Func<ValueTask> flushIfFull,
        CancellationToken cancellationToken
    )
    {
        var columns = string.Join(", ", table.Columns.Select(AsText));
        var from = $"{(table.Partitioned ? "" : "only ")}{SqlName.Quote(table.Schema, table.Table)}";
        var sql = $"copy (select {columns} from {from}) to stdout (format binary)";
        try
        {
            await using var copy = await _connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
            using var rows = new CopyRows(copy);
            var slices = new TupleSlices();
            byte[]? key = null;
            IReadOnlyList<LogHeader> headers = [];
            long count = 0;
            // The last row is written in other words than the others, so a row is written when it is known whether
            // another follows: its bytes are gone by then, so it is kept as the event that it would be in both cases.
            (byte[] Middle, byte[] Last)? held = null;
            while (await rows.ReadAsync(slices, cancellationToken))
            {
                if (held is { } before)
                {
                    sink.Add(LogRecordKind.Data, model.Topic, key, headers, before.Middle);
                    await flushIfFull();
                }
                (key, held, headers) = Write(rows.Row(slices), count == 0);
                count++;
            }
            if (held is { } last)
                sink.Add(LogRecordKind.Data, model.Topic, key, headers, last.Last);
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
            var middle = envelopes.Row(model, 'r', default, row, at with { Snapshot = words(first, false) });
            var lastWord = words(first, true);
            var last =
                lastWord == words(first, false)
                    ? middle
                    : envelopes.Row(model, 'r', default, row, at with { Snapshot = lastWord });
            var headers = envelopes.Headers;
            return (envelopes.Key(model, row), (middle, last), headers);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

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
    /// Once the lock is held, the files that the snapshot knows, of all partitions, must be those that are there:
    /// reading a rewritten table in an older snapshot shows no rows.
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
