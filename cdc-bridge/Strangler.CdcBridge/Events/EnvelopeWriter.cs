using System.Buffers;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Writes Debezium's envelope (3.6.1, schemas off): <c>before, after, source, transaction, op, ts_ms, ts_us, ts_ns</c>, its source block in the connector's order. One buffer is kept from row to row.
/// </summary>
internal sealed class EnvelopeWriter(string prefix, string database, TimeProvider time)
{
    /// <summary>The release whose envelope this is.</summary>
    internal const string Version = "3.6.1.Final";

    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private readonly byte[] _sourceHead = [.. ",\"source\":{\"version\":\""u8, .. System.Text.Encoding.UTF8.GetBytes(Version), .. "\",\"connector\":\"postgresql\",\"name\":"u8, .. JsonText.String(prefix), .. ",\"ts_ms\":"u8];
    private readonly byte[] _database = JsonText.String(database);

    /// <summary>An event of a row.</summary>
    /// <param name="op">Debezium's letter: r, c, u, d.</param>
    /// <param name="before">The row before; without columns for null.</param>
    /// <param name="after">The row after; without columns for null.</param>
    /// <param name="filler">Fills the values of <paramref name="after"/> that were not sent; without columns for nothing.</param>
    public byte[] Row(RelationModel relation, char op, RowTuple before, RowTuple after, in ChangeSource source, RowTuple filler = default)
    {
        _json.ResetWrittenCount();
        _json.Write("{\"before\":"u8);
        Image(relation, before, default);
        _json.Write(",\"after\":"u8);
        Image(relation, after, filler);
        Tail(relation, op, source);
        return _json.WrittenSpan.ToArray();
    }

    /// <summary>An event of a table: it was emptied.</summary>
    public byte[] Truncate(RelationModel relation, in ChangeSource source)
    {
        _json.ResetWrittenCount();
        _json.Write("{\"before\":null,\"after\":null"u8);
        Tail(relation, 't', source);
        return _json.WrittenSpan.ToArray();
    }

    /// <summary>The key of a row; null where the table has none.</summary>
    public byte[]? Key(RelationModel relation, RowTuple row)
    {
        if (relation.Key.IsEmpty) return null;
        _json.ResetWrittenCount();
        for (var i = 0; i < relation.Key.Length; i++)
        {
            _json.Write(i == 0 ? "{"u8 : ","u8);
            Value(relation.Columns[relation.Key[i]], row, relation.Key[i], default);
        }
        _json.Write("}"u8);
        return _json.WrittenSpan.ToArray();
    }

    private void Image(RelationModel relation, RowTuple row, RowTuple fallback)
    {
        if (!row.Exists)
        {
            _json.Write("null"u8);
            return;
        }
        _json.Write("{"u8);
        for (var i = 0; i < relation.Columns.Length; i++)
        {
            if (i > 0) _json.Write(","u8);
            Value(relation.Columns[i], row, i, fallback);
        }
        _json.Write("}"u8);
    }

    private void Value(ColumnModel column, RowTuple row, int place, RowTuple fallback)
    {
        _json.Write(column.NameJson);
        switch (row.Kind(place))
        {
            case ColumnKind.Null: _json.Write("null"u8); break;
            case ColumnKind.Text: column.Encode(row.Value(place), _json); break;
            default:
                if (fallback.Exists && fallback.Kind(place) == ColumnKind.Text) column.Encode(fallback.Value(place), _json);
                else _json.Write(column.Unavailable);
                break;
        }
    }

    private void Tail(RelationModel relation, char op, in ChangeSource source)
    {
        _json.Write(_sourceHead);
        JsonText.Number(_json, source.At.ToUnixTimeMilliseconds());
        _json.Write(",\"snapshot\":\""u8);
        Ascii(source.Snapshot);
        _json.Write("\",\"db\":"u8);
        _json.Write(_database);
        _json.Write(",\"sequence\":\"["u8);
        if (source.LastCommit is { } last) Quoted(last.Value);
        else _json.Write("null"u8);
        _json.Write(","u8);
        Quoted(source.Lsn.Value);
        _json.Write("]\",\"ts_us\":"u8);
        var microseconds = Microseconds(source.At);
        JsonText.Number(_json, microseconds);
        _json.Write(",\"ts_ns\":"u8);
        JsonText.Number(_json, microseconds * 1_000);
        _json.Write(","u8);
        _json.Write(relation.SourceTail);
        if (source.Xid is { } xid) JsonText.Number(_json, (ulong)xid);
        else _json.Write("null"u8);
        _json.Write(",\"lsn\":"u8);
        JsonText.Number(_json, source.Lsn.Value);
        _json.Write(",\"xmin\":null,\"origin\":"u8);
        if (source.Origin is { } origin) JsonText.String(_json, System.Text.Encoding.UTF8.GetBytes(origin));
        else _json.Write("null"u8);
        _json.Write(",\"origin_lsn\":"u8);
        if (source.OriginLsn is { } originLsn) JsonText.Number(_json, originLsn.Value);
        else _json.Write("null"u8);
        _json.Write("},\"transaction\":null,\"op\":\""u8);
        _json.GetSpan(1)[0] = (byte)op;
        _json.Advance(1);
        var now = time.GetUtcNow();
        _json.Write("\",\"ts_ms\":"u8);
        JsonText.Number(_json, now.ToUnixTimeMilliseconds());
        _json.Write(",\"ts_us\":"u8);
        JsonText.Number(_json, Microseconds(now));
        _json.Write(",\"ts_ns\":"u8);
        JsonText.Number(_json, (now - DateTimeOffset.UnixEpoch).Ticks * 100);
        _json.Write("}"u8);
    }

    private void Quoted(ulong number)
    {
        _json.Write("\\\""u8);
        JsonText.Number(_json, number);
        _json.Write("\\\""u8);
    }

    private void Ascii(string word)
    {
        var span = _json.GetSpan(word.Length);
        System.Text.Encoding.ASCII.GetBytes(word, span);
        _json.Advance(word.Length);
    }

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
