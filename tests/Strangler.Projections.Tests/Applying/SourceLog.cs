using System.Globalization;
using System.Text;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Testing;

namespace Strangler.Projections.Tests.Applying;

/// <summary>A source's change log, written by hand as the bridge would write it.</summary>
internal sealed class SourceLog(TimeProvider time, IChangeLog? log = null) : IAsyncDisposable
{
    public const string Source = "shop";
    private readonly IChangeLog _log = log ?? new InMemoryChangeLog(time);
    private ILogAppender? _appender;
    private ulong _lsn = 0x1000;
    private int _epoch = 1;

    public IChangeLog Log => _log;

    /// <summary>The source's insert LSN, where the next record is written.</summary>
    public Lsn InsertLsn => new(_lsn + 8);

    /// <summary>Whether the bridge finds the catalogue in order with each append.</summary>
    public bool LooksAtCatalogue { get; set; } = true;

    private Lsn? Seen => LooksAtCatalogue ? new Lsn(_lsn + 16) : null;

    /// <summary>A look at a source in which nothing is in progress.</summary>
    public SourceLook Look() => new(InsertLsn, $"{_lsn + 1}:{_lsn + 1}:", InsertLsn);

    /// <summary>The last transaction's end.</summary>
    public Position End { get; private set; }

    /// <summary>A complete snapshot of tables.</summary>
    public Task<Position> SnapshotAsync(params (TableSchema Schema, (string Key, string Row)[] Rows)[] tables) =>
        AppendAsync(
            new Lsn((_lsn += 8) - 1),
            xid: 0,
            tables.SelectMany(table => Reading(table.Schema, table.Rows)).ToArray()
        );

    /// <summary>The first snapshot of a source with another history.</summary>
    public Task<Position> NewEpochAsync(params (TableSchema Schema, (string Key, string Row)[] Rows)[] tables)
    {
        _epoch++;
        _lsn = 0x800;
        return SnapshotAsync(tables);
    }

    public static Event[] Reading(TableSchema schema, params (string Key, string Row)[] rows) =>
        [
            Described(schema),
            .. rows.Select(row => Row(schema, "r", row.Key, null, row.Row)),
            new Event(LogRecordKind.TableRead, Topic(schema), null, "{}"),
        ];

    /// <summary>One transaction.</summary>
    public Task<Position> CommitAsync(params Event[] events) => AppendAsync(new Lsn(_lsn += 8), _lsn, events);

    /// <summary>One transaction with an id of its own.</summary>
    public Task<Position> CommitAsync(ulong xid, IReadOnlyList<Event> events) =>
        AppendAsync(new Lsn(_lsn += 8), xid, events);

    /// <summary>A later reading of tables, just before the next commit.</summary>
    public Task<Position> RereadAsync(params Event[] events) => AppendAsync(new Lsn((_lsn += 8) - 1), 0, events);

    /// <summary>Appends progress: nothing happened until now.</summary>
    public async Task<Position> ProgressAsync()
    {
        End = Position.EndOf(_epoch, new Lsn((_lsn += 8) - 1));
        await (await AppenderAsync()).AppendAsync(
            new LogAppend([], [], End, time.GetUtcNow(), CatalogueSeen: Seen),
            CancellationToken.None
        );
        return End;
    }

    public async Task<int> RetainAsync(LogRetention retention) =>
        await (await AppenderAsync()).RetainAsync(retention, CancellationToken.None);

    public static Event Described(TableSchema schema) =>
        new(LogRecordKind.Schema, Topic(schema), null, Encoding.UTF8.GetString(schema.ToJson()));

    public static Event Doubted(TableSchema schema, string why) =>
        new(LogRecordKind.TableDoubt, Topic(schema), null, Encoding.UTF8.GetString(new TableDoubt(why).ToJson()));

    public static Event Insert(TableSchema schema, string key, string row) => Row(schema, "c", key, null, row);

    public static Event Update(TableSchema schema, string key, string row) => Row(schema, "u", key, null, row);

    /// <summary>The same event, with a header that says which columns weren't sent.</summary>
    public static Event Lacking(Event one, string columns) =>
        one with
        {
            Headers = [.. one.Headers, new("__strangler.unavailable", columns)],
        };

    /// <summary>The same event, with a header that says which columns' bytes aren't text.</summary>
    public static Event Undecoded(Event one, string columns) =>
        one with
        {
            Headers = [.. one.Headers, new("__strangler.undecoded", columns)],
        };

    public static Event[] Delete(TableSchema schema, string key) =>
        [Row(schema, "d", key, "{}", null), new Event(LogRecordKind.Tombstone, Topic(schema), key, null)];

    public static Event[] ChangeKey(TableSchema schema, string from, string to, string row) =>
        [
            Row(schema, "d", from, "{}", null) with
            {
                Headers = [new("__debezium.newkey", to)],
            },
            new Event(LogRecordKind.Tombstone, Topic(schema), from, null),
            Row(schema, "c", to, null, row) with
            {
                Headers = [new("__debezium.oldkey", from)],
            },
        ];

    public static Event Truncate(TableSchema schema) =>
        new(LogRecordKind.Truncate, Topic(schema), null, """{"before":null,"after":null,"op":"t"}""");

    private static Event Row(TableSchema schema, string op, string key, string? before, string? after) =>
        new(
            LogRecordKind.Data,
            Topic(schema),
            key,
            "{"
                + $"\"before\":{before ?? "null"},\"after\":{after ?? "null"},\"source\":{{\"ts_ms\":%TS%}},"
                + $"\"transaction\":null,\"op\":\"{op}\"}}"
        );

    // Written again here instead of using the code under test.
    private static string Topic(TableSchema schema) =>
        System.Text.RegularExpressions.Regex.Replace(
            $"{Source}.{schema.Schema}.{schema.Table}",
            "[^A-Za-z0-9._-]",
            "_"
        );

    private async Task<Position> AppendAsync(Lsn commit, ulong xid, IReadOnlyList<Event> events)
    {
        var now = time.GetUtcNow();
        var milliseconds = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var records = events
            .Select(
                (one, ordinal) =>
                    new LogRecord(
                        new Position(_epoch, commit, ordinal),
                        xid,
                        one.Kind,
                        one.Topic,
                        one.Key is null ? null : Encoding.UTF8.GetBytes(one.Key),
                        one.Headers,
                        one.Value is null
                            ? null
                            : Encoding.UTF8.GetBytes(one.Value.Replace("%TS%", milliseconds, StringComparison.Ordinal))
                    )
            )
            .ToList();
        End = Position.EndOf(_epoch, commit);
        LogTransaction[] transactions = xid == 0 ? [] : [new LogTransaction(commit, xid, now, records.Count)];
        await (await AppenderAsync()).AppendAsync(
            new LogAppend(records, transactions, End, now, CatalogueSeen: Seen),
            CancellationToken.None
        );
        return End;
    }

    private async Task<ILogAppender> AppenderAsync() =>
        _appender ??= await _log.OpenAppenderAsync(Source, CancellationToken.None);

    public ValueTask DisposeAsync() => _appender?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A record to append.</summary>
internal sealed record Event(LogRecordKind Kind, string Topic, string? Key, string? Value)
{
    public IReadOnlyList<LogHeader> Headers { get; init; } = [];
}
