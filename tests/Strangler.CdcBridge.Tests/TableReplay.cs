using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// What a reader that takes the log's records in order holds of one table: its rows, and whether they may be answered
/// from.
/// </summary>
internal sealed class TableReplay
{
    private readonly SortedDictionary<string, string> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private (int Epoch, Lsn Commit) _readAt;
    private int _epoch;

    /// <summary>Whether the table has been read completely, in the newest epoch.</summary>
    public bool IsRead { get; private set; }

    public bool IsInDoubt { get; private set; }

    /// <summary>Why it stays in doubt; null if it is only waiting to be read.</summary>
    public string? Why { get; private set; }

    /// <summary>The rows as JSON, in the order of their keys.</summary>
    public string Rows => string.Join(' ', _rows.Values);

    /// <param name="topic">The table's topic.</param>
    public static TableReplay Of(IReadOnlyList<LogRecord> records, string topic)
    {
        var replay = new TableReplay();
        foreach (var record in records)
        {
            if (record.Position.Epoch > replay._epoch)
                (replay.IsRead, replay.IsInDoubt, replay._epoch) = (false, false, record.Position.Epoch);
            if (record.Topic == topic)
                replay.Take(record);
        }
        return replay;
    }

    public override string ToString() =>
        IsInDoubt ? $"in doubt: {Why ?? "it is about to be read"}"
        : IsRead ? Rows
        : "never read";

    private void Take(LogRecord record)
    {
        var key = record.Key is null ? "" : System.Text.Encoding.UTF8.GetString(record.Key);
        switch (record.Kind)
        {
            case LogRecordKind.Data when Written.Of(record)[0] == 'd':
                _rows.Remove(key);
                break;
            case LogRecordKind.Data:
                if ((record.Position.Epoch, record.Position.Commit) is var at && at != _readAt)
                    _read.Clear();
                _readAt = at;
                _read.Add(key);
                _rows[key] = ChangeTests.After(record).GetRawText();
                break;
            case LogRecordKind.Truncate:
                _rows.Clear();
                break;
            case LogRecordKind.Schema:
                IsInDoubt |= TableSchema.FromJson(record.Value).InDoubt;
                break;
            case LogRecordKind.TableRead:
                if ((record.Position.Epoch, record.Position.Commit) != _readAt)
                    _read.Clear();
                foreach (var gone in _rows.Keys.Where(held => !_read.Contains(held)).ToList())
                    _rows.Remove(gone);
                (IsRead, IsInDoubt, Why) = (true, false, null);
                break;
            case LogRecordKind.TableDoubt:
                IsInDoubt = true;
                using (var value = JsonDocument.Parse(record.Value))
                    Why = value.RootElement.GetProperty("why").GetString();
                break;
        }
    }
}
