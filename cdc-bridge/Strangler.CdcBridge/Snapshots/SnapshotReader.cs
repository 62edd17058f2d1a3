using Dapper;
using Npgsql;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>Reads tables in an exported snapshot, as text, and writes their rows as Debezium's <c>r</c> events.</summary>
internal sealed class SnapshotReader : IAsyncDisposable
{
    /// <summary>Types whose cast to text is another function than their output, so that <c>format</c> must write them: bool, char, name, xml, cidr, inet, bpchar. Types of extensions too may have such casts.</summary>
    private static readonly HashSet<uint> CastsDiffer = [16, 18, 19, 142, 650, 869, 1042];
    private const uint FirstNormalOid = 16_384;

    private readonly NpgsqlConnection _connection;

    private SnapshotReader(NpgsqlConnection connection, IReadOnlyList<CatalogueTable> tables) => (_connection, Tables) = (connection, tables);

    /// <summary>The published tables as the snapshot has them.</summary>
    public IReadOnlyList<CatalogueTable> Tables { get; }

    /// <summary>Takes up the snapshot and locks the tables against being altered (ACCESS SHARE, as pg_dump does).</summary>
    /// <param name="wanted">Which of the published tables will be read.</param>
    /// <param name="raw">Whether values are to come as the database's own bytes.</param>
    /// <exception cref="SnapshotSupersededException">A table has been altered since the snapshot.</exception>
    public static async Task<SnapshotReader> OpenAsync(NpgsqlDataSource source, ExportedSlot slot, string publication, Func<CatalogueTable, bool> wanted, bool raw, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, "begin isolation level repeatable read, read only", cancellationToken);
            await ExecuteAsync(connection, $"set transaction snapshot '{slot.Snapshot.Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken);
            var tables = await Catalogue.ReadAsync(connection, publication, cancellationToken);
            foreach (var table in tables.Where(wanted)) await LockAsync(connection, table, cancellationToken);
            if (raw) await ExecuteAsync(connection, "set client_encoding = 'SQL_ASCII'", cancellationToken); // behind the catalogue, whose names are text
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
        CatalogueTable table, RelationModel model, EnvelopeWriter envelopes, RecordSink sink, Func<bool, bool, string> words, ChangeSource at, Func<ValueTask> flushIfFull, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", table.Columns.Select(AsText));
        var filter = table.RowFilter is { } condition ? $" where {condition}" : "";
        var sql = $"copy (select {columns} from {(table.Partitioned ? "" : "only ")}{SqlName.Quote(table.Schema, table.Table)}{filter}) to stdout (format binary)";
        try
        {
            await using var copy = await _connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
            using var rows = new CopyRows(copy);
            var slices = new TupleSlices();
            byte[]? key = null;
            IReadOnlyList<LogHeader> headers = [];
            long count = 0;
            // The last row is written in other words than the others, so a row is written when it is known whether another follows: its bytes are gone by then, so it is kept as the event that it would be in both cases.
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
            if (held is { } last) sink.Add(LogRecordKind.Data, model.Topic, key, headers, last.Last);
            return count;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable)
        {
            throw new SnapshotSupersededException($"{table.Schema}.{table.Table}", exception);
        }

        (byte[]?, (byte[], byte[]), IReadOnlyList<LogHeader>) Write(RowTuple row, bool first)
        {
            var middle = envelopes.Row(model, 'r', default, row, at with { Snapshot = words(first, false) });
            var lastWord = words(first, true);
            var last = lastWord == words(first, false) ? middle : envelopes.Row(model, 'r', default, row, at with { Snapshot = lastWord });
            var headers = envelopes.Headers;
            return (envelopes.Key(model, row), (middle, last), headers);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string AsText(CatalogueColumn column)
    {
        var name = SqlName.Quote(column.Name);
        return column.Type.ElementOid == 0 && (CastsDiffer.Contains(column.Type.BaseOid) || column.Type.BaseOid >= FirstNormalOid)
            ? $"case when {name} is null then null else format('%s', {name}) end"
            : $"{name}::text";
    }

    /// <summary>Once the lock is held, the file that the snapshot knows must be the one that is there: reading a rewritten table in an older snapshot shows no rows.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, CatalogueTable table, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, $"lock table {(table.Partitioned ? "" : "only ")}{SqlName.Quote(table.Schema, table.Table)} in access share mode", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new SnapshotSupersededException($"{table.Schema}.{table.Table}", exception);
        }
        const string Same = "select c.relkind = 'p' or c.relfilenode = pg_relation_filenode(c.oid) from pg_class c where c.oid = @oid::bigint::oid";
        var same = await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(Same, new { oid = (long)table.Oid }, cancellationToken: cancellationToken));
        if (same is not true) throw new SnapshotSupersededException($"{table.Schema}.{table.Table}");
    }

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
}
