using System.Buffers;
using System.Globalization;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Profiles;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Debezium's records of a transaction's begin and end, and the count of its events
/// (<c>provide.transaction.metadata</c>).
/// </summary>
internal sealed class TransactionMetadata(EventProfile profile)
{
    private readonly string _topic = profile.TransactionTopic;
    private readonly (byte[] Key, byte[] Value) _heads = profile.TransactionHeads;
    private readonly Dictionary<string, long> _counts = [];
    private long _listed,
        _unlisted;
    private uint _xid;
    private DateTimeOffset _at;
    private long _total;

    /// <summary>
    /// How many logical messages the end of a transaction lists: each is a collection of its own there, so that the
    /// list, and the record, would grow with them. Tables, which the catalogue limits, are all listed.
    /// </summary>
    public const int MaxMessages = 1_000;

    /// <summary>Whether the open transaction has been announced.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Announces a transaction.</summary>
    public void Begin(uint xid, DateTimeOffset at, Lsn lsn, RecordSink sink)
    {
        (_xid, _at, _total, _listed, _unlisted, IsOpen) = (xid, at, 0, 0, 0, true);
        _counts.Clear();
        Add(sink, "BEGIN", lsn, ",\"event_count\":null,\"data_collections\":null"u8);
    }

    /// <summary>The place of the next event of a table, if the open transaction has been announced.</summary>
    public EventPlace? Next(string collection) =>
        IsOpen ? new EventPlace(_xid, _total + 1, _counts.GetValueOrDefault(collection) + 1) : null;

    /// <summary>An event of the table has been written.</summary>
    public void Count(string collection)
    {
        if (!IsOpen)
            return;
        _total++;
        _counts[collection] = _counts.GetValueOrDefault(collection) + 1;
    }

    /// <summary>A logical message has been written, of a collection that no other event has.</summary>
    public void CountMessage(string collection)
    {
        if (!IsOpen)
            return;
        if (_listed < MaxMessages)
        {
            _listed++;
            Count(collection);
        }
        else
        {
            _total++;
            _unlisted++;
        }
    }

    /// <summary>Announces the transaction's end.</summary>
    /// <returns>How many of its messages are counted, but not listed.</returns>
    public long End(Lsn lsn, RecordSink sink)
    {
        if (!IsOpen)
            return 0;
        IsOpen = false;
        var json = new ArrayBufferWriter<byte>();
        json.Write(",\"event_count\":"u8);
        JsonText.Number(json, _total);
        json.Write(",\"data_collections\":["u8);
        foreach (var (index, (collection, count)) in JavaHashOrder.Sort(_counts).Index())
        {
            json.Write(index == 0 ? "{\"data_collection\":"u8 : ",{\"data_collection\":"u8);
            json.Write(profile.Json(collection));
            json.Write(",\"event_count\":"u8);
            JsonText.Number(json, count);
            json.Write("}"u8);
        }
        json.Write("]"u8);
        Add(sink, "END", lsn, json.WrittenSpan);
        return _unlisted;
    }

    private void Add(RecordSink sink, string status, Lsn lsn, ReadOnlySpan<byte> counts)
    {
        var id = System.Text.Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"\"{_xid}:{lsn.Value}\"")
        );
        var time = System.Text.Encoding.ASCII.GetBytes(
            _at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
        );
        byte[] key = [.. "{\"id\":"u8, .. id, (byte)'}'];
        byte[] value =
        [
            .. "{\"status\":\""u8,
            .. System.Text.Encoding.ASCII.GetBytes(status),
            .. "\",\"id\":"u8,
            .. id,
            .. counts,
            .. ",\"ts_ms\":"u8,
            .. time,
            (byte)'}',
        ];
        sink.Add(
            LogRecordKind.Transaction,
            _topic,
            SchemaHead.Around(_heads.Key, key),
            [],
            SchemaHead.Around(_heads.Value, value)
        );
    }
}
