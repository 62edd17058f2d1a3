using System.Text;
using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Sources;

/// <summary>
/// Reads records of the log as changes of mirrored tables. It remembers the last deleted row of each table, since a
/// changed key arrives as a delete and an insert.
/// </summary>
internal sealed class ChangeReader(IReadOnlyDictionary<string, MirrorTable> tables)
{
    private const string FormerKeyHeader = "__debezium.oldkey";
    private readonly Dictionary<string, (string Pk, Position Position)> _deleted = [];

    /// <summary>
    /// The table and its change; null if the record's table isn't mirrored, or the record contains nothing that a
    /// mirror holds.
    /// </summary>
    public (MirrorTable Table, Change Change)? Read(LogRecord record)
    {
        if (!tables.TryGetValue(record.Topic, out var table))
            return null;
        Change? change = record.Kind switch
        {
            LogRecordKind.Data => Row(record, table),
            LogRecordKind.Truncate => new Change.Emptied(record.Position),
            LogRecordKind.Schema => new Change.Described(record.Position, TableSchema.FromJson(record.Value)),
            LogRecordKind.TableDoubt => new Change.Doubted(record.Position, TableDoubt.FromJson(record.Value).Why),
            LogRecordKind.TableRead => new Change.Reread(record.Position),
            _ => null,
        };
        return change is null ? null : (table, change);
    }

    private Change Row(LogRecord record, MirrorTable table)
    {
        if (record.Key is null)
            return new Change.Keyless(record.Position);
        var pk = Encoding.UTF8.GetString(record.Key);
        using var envelope = JsonDocument.Parse(record.Value);
        var op = envelope.RootElement.GetProperty("op").GetString();
        if (op == "d")
        {
            _deleted[record.Topic] = (pk, record.Position);
            return new Change.Deleted(record.Position, pk);
        }
        var row = RowText.Of(
            envelope.RootElement.GetProperty("after"),
            table.Columns,
            RowHeaders.Columns(record.Headers, RowHeaders.Unavailable),
            RowHeaders.Columns(record.Headers, RowHeaders.Undecoded),
            out var unavailable
        );
        // The delete of the old key comes immediately before, in the same transaction; the header says that this insert
        // belongs to it.
        var former =
            record.Headers.Any(header => header.Name == FormerKeyHeader)
            && _deleted.TryGetValue(record.Topic, out var deleted)
            && deleted.Position.Epoch == record.Position.Epoch
            && deleted.Position.Commit == record.Position.Commit
                ? deleted.Pk
                : null;
        return new Change.Written(record.Position, pk, row, unavailable, former, op == "r");
    }

    /// <summary>The source's clock at the commit of a record's transaction, if the record contains it.</summary>
    public static DateTimeOffset? CommittedAt(LogRecord record)
    {
        if (record.Kind != LogRecordKind.Data || record.Value is null)
            return null;
        using var envelope = JsonDocument.Parse(record.Value);
        return
            envelope.RootElement.TryGetProperty("source", out var source)
            && source.ValueKind == JsonValueKind.Object
            && source.TryGetProperty("ts_ms", out var ms)
            && ms.TryGetInt64(out var time)
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : null;
    }
}
