using Dapper;
using Npgsql;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// One connection that reads tables in an exported snapshot, as text, and writes their rows as Debezium's <c>r</c>
/// events.
/// </summary>
internal sealed class TableReader(
    NpgsqlConnection connection,
    EnvelopeWriter envelopes,
    EventProfile profile,
    OutboxRouter? outbox,
    IReadOnlyDictionary<string, string> overrides
) : IAsyncDisposable
{
    /// <summary>
    /// Types whose cast to text differs from their output function, so that <c>format</c> must write them: bool, char,
    /// name, xml, cidr, inet, bpchar. Extension types may have such casts too.
    /// </summary>
    private static readonly HashSet<uint> CastsDiffer = [16, 18, 19, 142, 650, 869, 1042];
    private const uint FirstNormalOid = 16_384;

    /// <summary>What waits for the writer: several readers hold several of these.</summary>
    public const int MaxPartRecords = 500;
    public const long MaxPartBytes = 512 << 10;

    private readonly OutboxRecords? _outbox = outbox is null ? null : new OutboxRecords(outbox, envelopes);

    /// <summary>
    /// Locks a table and checks that it is still the one that the snapshot knows; null if that has been done for all.
    /// </summary>
    public Func<CatalogueTable, CancellationToken, Task>? LockAsync { get; init; }

    /// <summary>Reads all rows of a table.</summary>
    /// <param name="deliver">Takes the rows; the last call says how many there are.</param>
    /// <exception cref="SnapshotSupersededException">The table has been altered since the snapshot.</exception>
    public async Task ReadAsync(
        SnapshotTable table,
        ChangeSource at,
        Func<TablePart, ValueTask> deliver,
        CancellationToken cancellationToken
    )
    {
        if (LockAsync is not null)
            await LockAsync(table.Table, cancellationToken);
        try
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(Statement(table), cancellationToken);
            try
            {
                await ReadAsync(copy, table, at, deliver, cancellationToken);
            }
            catch (Exception exception) when (exception is not NpgsqlException)
            {
                await copy.CancelAsync(); // else the rest of the table would be received when the copy is disposed
                throw;
            }
        }
        catch (PostgresException exception)
            when (exception.SqlState
                    is PostgresErrorCodes.UndefinedColumn
                        or PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InsufficientPrivilege
            )
        {
            throw new SnapshotSupersededException($"{table.Table.Schema}.{table.Table.Table}", exception);
        }
    }

    /// <summary>Checks that the transaction goes on, and that its locks have been held up to now.</summary>
    /// <exception cref="NpgsqlException">It has ended: a table may have been rewritten, and looks empty.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: cancellationToken));

    /// <summary>Ends the transaction, and with it the locks.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task ReadAsync(
        Stream copy,
        SnapshotTable table,
        ChangeSource at,
        Func<TablePart, ValueTask> deliver,
        CancellationToken cancellationToken
    )
    {
        var routed = _outbox?.Find(table.Model);
        using var rows = new CopyRows(copy);
        var slices = new TupleSlices();
        var batch = new AppendBatch(MaxPartRecords, MaxPartBytes);
        var sink = new RecordSink(batch, 0);
        LastRow? last = null;
        var count = 0L;
        for (var more = await rows.ReadAsync(slices, cancellationToken); more; )
        {
            more = await rows.HasMoreAsync(cancellationToken);
            if (routed is not null)
                _outbox!.Add(routed, rows.Row(slices), default, profile.Headers, sink);
            else
                last = Write(rows.Row(slices), count == 0, !more);
            count++;
            if (batch.IsFull)
                await deliver(new TablePart(table, batch.TakeChunk(at.At).Records));
            if (more)
                await rows.ReadAsync(slices, cancellationToken);
        }
        await deliver(new TablePart(table, batch.TakeChunk(at.At).Records) { Last = last, Rows = count });

        LastRow? Write(RowTuple row, bool isFirst, bool isLast)
        {
            var model = table.Model;
            var value = Value(row, table.Words(isFirst, isLast, false));
            var inSnapshot = isLast ? Value(row, table.Words(isFirst, true, true)) : value;
            IReadOnlyList<LogHeader> headers = envelopes.Headers is { Count: > 0 } own
                ? [.. profile.Headers, .. own]
                : profile.Headers;
            var key = envelopes.Key(model, row);
            if (isLast)
                return new LastRow(
                    new LogRecord(default, 0, LogRecordKind.Data, model.EventTopic, key, headers, value),
                    inSnapshot
                );
            sink.Add(LogRecordKind.Data, model.EventTopic, key, headers, value);
            return null;
        }

        byte[] Value(RowTuple row, string word) =>
            envelopes.Row(table.Model, 'r', default, row, at with { Snapshot = word });
    }

    private string Statement(SnapshotTable table)
    {
        var columns = table.Table.Columns.Select(
            (column, i) =>
                envelopes.AreKeysConverted && table.Model.Key.Contains(i) ? Converted(AsText(column)) : AsText(column)
        );
        return $"copy (select {string.Join(", ", columns)} from {Rows(table.Table)}) to stdout (format binary)";
    }

    /// <summary>The rows that are read: the table's, or those of the statement that takes its place.</summary>
    private string Rows(CatalogueTable table) =>
        overrides.GetValueOrDefault(table.Name.ToString()) is { } statement ? $"({statement}) x"
        : profile.ReadsAllColumns ? SqlName.Quote(table.Schema, table.Table) // with the rows of tables that inherit
        : From(table);

    /// <summary>The table alone, without those that inherit from it.</summary>
    public static string From(CatalogueTable table) =>
        $"{(table.Partitioned ? "" : "only ")}{SqlName.Quote(table.Schema, table.Table)}";

    /// <summary>UTF-8 bytes, which are not converted again.</summary>
    public static string Converted(string text) => $"convert_to({text}, 'UTF8')";

    /// <summary>A column as its output function writes it.</summary>
    public static string AsText(CatalogueColumn column)
    {
        var name = SqlName.Quote(column.Name);
        return
            column.Type.ElementOid == 0
            && (CastsDiffer.Contains(column.Type.BaseOid) || column.Type.BaseOid >= FirstNormalOid)
            ? $"case when {name} is null then null else format('%s', {name}) end"
            : $"{name}::text";
    }
}
