using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Writes Debezium's envelope: <c>before, after, source, transaction, op, ts_ms, ts_us, ts_ns</c>,
/// its source block in the connector's order. One buffer is reused for all rows.
/// </summary>
internal sealed class EnvelopeWriter(EventProfile profile, string database, TimeProvider time, SourceText? text = null)
{
    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private readonly byte[] _sourceHead =
    [
        .. ",\"source\":{\"version\":\""u8,
        .. System.Text.Encoding.UTF8.GetBytes(profile.Version),
        .. "\",\"connector\":\"postgresql\",\"name\":"u8,
        .. JsonText.String(profile.Prefix),
        .. ",\"ts_ms\":"u8,
    ];
    private readonly byte[] _database = JsonText.String(database);
    private readonly SourceText _text = text ?? SourceText.Utf8;
    private readonly List<string> _unavailable = [],
        _undecoded = [];
    private readonly HashSet<(string Table, string Column)> _unconverted = [];
    private bool _resembles;

    /// <summary>Headers that the last written row needs, for what its JSON can't express unambiguously.</summary>
    public IReadOnlyList<LogHeader> Headers =>
        !profile.HasOwnHeaders || _unavailable.Count == 0 && !_resembles && _undecoded.Count == 0
            ? []
            :
            [
                .. _unavailable.Count > 0 || _resembles
                    ? [RowHeaders.Of(RowHeaders.Unavailable, _unavailable)]
                    : Array.Empty<LogHeader>(),
                .. _undecoded.Count > 0 ? [RowHeaders.Of(RowHeaders.Undecoded, _undecoded)] : Array.Empty<LogHeader>(),
            ];

    /// <summary>
    /// Whether a value was found whose bytes are not text, which only a session without the server's conversion
    /// receives.
    /// </summary>
    public bool HasReadBlindly { get; private set; }

    /// <summary>Whether such a value was found in a key since this was last set.</summary>
    public bool HasReadKeyBlindly { get; set; }

    /// <summary>Whether the last written row is the same before and after.</summary>
    public bool IsUnchanged { get; private set; }

    /// <summary>Whether key columns arrive as UTF-8, whatever the other columns arrive as.</summary>
    public bool AreKeysConverted { get; init; }

    /// <summary>Gets what isn't written as it is, once a column.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>An event of a row.</summary>
    /// <param name="op">Debezium's letter: r, c, u, d.</param>
    /// <param name="before">The row before; without columns for null.</param>
    /// <param name="after">The row after; without columns for null.</param>
    /// <param name="filler">
    /// Supplies the values of <paramref name="after"/> that were not sent; without columns for none.
    /// </param>
    public byte[] Row(
        RelationModel relation,
        char op,
        RowTuple before,
        RowTuple after,
        in ChangeSource source,
        RowTuple filler = default
    )
    {
        _json.ResetWrittenCount();
        _json.Write(relation.ValueHead);
        _json.Write("{\"before\":"u8);
        var begin = _json.WrittenCount;
        Image(relation, before, default);
        var beforeImage = begin.._json.WrittenCount;
        _json.Write(",\"after\":"u8);
        _unavailable.Clear();
        _undecoded.Clear();
        _resembles = false;
        begin = _json.WrittenCount;
        Image(relation, after, filler);
        IsUnchanged = _json.WrittenSpan[beforeImage].SequenceEqual(_json.WrittenSpan[begin..]);
        Tail(relation, op, source);
        if (relation.ValueHead.Length > 0)
            _json.Write("}"u8);
        return _json.WrittenSpan.ToArray();
    }

    /// <summary>An event of a table: it was truncated.</summary>
    public byte[] Truncate(RelationModel relation, in ChangeSource source)
    {
        _json.ResetWrittenCount();
        _json.Write(relation.ValueHead);
        _json.Write("{\"before\":null,\"after\":null"u8);
        Tail(relation, 't', source);
        if (relation.ValueHead.Length > 0)
            _json.Write("}"u8);
        return _json.WrittenSpan.ToArray();
    }

    /// <summary>The key of a row as a record has it; null if the table has none.</summary>
    /// <param name="filler">
    /// Supplies the values of the key that were not sent: one that is stored out of line is only in the old key.
    /// </param>
    public byte[]? Key(RelationModel relation, RowTuple row, RowTuple filler = default)
    {
        if (!relation.HasKey)
            return null;
        _json.ResetWrittenCount();
        _json.Write(relation.KeyHead);
        _json.Write("{"u8);
        for (var i = 0; i < relation.Key.Length; i++)
        {
            if (i > 0)
                _json.Write(","u8);
            Value(relation, relation.Key[i], row, filler, isKey: true);
        }
        _json.Write("}"u8);
        if (relation.KeyHead.Length > 0)
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
        var isFirst = true;
        for (var i = 0; i < relation.Columns.Length; i++)
        {
            if (!relation.Columns[i].IsInValues)
                continue;
            if (!isFirst)
                _json.Write(","u8);
            isFirst = false;
            Value(relation, i, row, fallback);
        }
        _json.Write("}"u8);
    }

    /// <summary>A column's value alone; null for null.</summary>
    /// <param name="filler">Supplies the value if it was not sent.</param>
    public byte[]? Column(RelationModel relation, int place, RowTuple row, RowTuple filler, bool isKey = false)
    {
        if (row.Kind(place) == ColumnKind.Null)
            return null;
        _json.ResetWrittenCount();
        Content(relation, place, row, filler, isKey);
        return _json.WrittenSpan.ToArray();
    }

    private void Value(RelationModel relation, int place, RowTuple row, RowTuple fallback, bool isKey = false)
    {
        _json.Write(relation.Columns[place].NameJson);
        Content(relation, place, row, fallback, isKey);
    }

    private void Content(RelationModel relation, int place, RowTuple row, RowTuple fallback, bool isKey)
    {
        var column = relation.Columns[place];
        var text = AreKeysConverted && relation.Key.Contains(place) ? SourceText.Utf8 : _text;
        switch (row.Kind(place))
        {
            case ColumnKind.Null:
                _json.Write(column.Null);
                break;
            case ColumnKind.Text:
                Encode(relation, column, text, row.Value(place), isKey);
                break;
            default:
                if (fallback.Exists && fallback.Kind(place) == ColumnKind.Text)
                    Encode(relation, column, text, fallback.Value(place), isKey);
                else
                {
                    _json.Write(column.Unavailable);
                    _unavailable.Add(column.Name);
                }
                break;
        }
    }

    private void Encode(
        RelationModel relation,
        ColumnModel column,
        SourceText text,
        ReadOnlySpan<byte> value,
        bool isKey
    )
    {
        var begin = _json.WrittenCount;
        if (!text.TryDecode(value, out var utf8))
        {
            // A user may type the same text. A key has no header, and must tell rows apart by itself.
            if (isKey)
                _json.Write("{\"undecoded\":"u8);
            JsonText.String(_json, System.Text.Encoding.ASCII.GetBytes($"\\x{Convert.ToHexStringLower(value)}"));
            if (isKey)
                _json.Write("}"u8);
            _undecoded.Add(column.Name);
            HasReadBlindly |= text.IsBlind;
            HasReadKeyBlindly |= isKey && text.IsBlind;
            return;
        }
        try
        {
            (isKey ? column.EncodeKey : column.Encode)(utf8, _json);
        }
        catch (Exception exception)
            when (profile.OmitsUnconverted
                && exception
                    is (FormatException or ArithmeticException or ArgumentException or IndexOutOfRangeException)
            )
        {
            _json.Rewind(begin);
            _json.Write(column.Null);
            var table = $"{relation.Shape.Schema}.{relation.Shape.Table}";
            if (_unconverted.Add((table, column.Name)))
                Logger.ValueOmitted(table, column.Name, exception.Message);
        }
        _resembles |= Encoders.ResemblesUnavailable(_json.WrittenSpan[begin..]);
    }

    /// <summary>A logical message.</summary>
    /// <param name="prefix">Its prefix, as JSON.</param>
    /// <param name="content">Its content, as JSON.</param>
    public byte[] Message(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> content, in ChangeSource source)
    {
        _json.ResetWrittenCount();
        _json.Write("{\"op\":\"m\",\"ts_ms\":"u8);
        JsonText.Number(_json, time.GetUtcNow().ToUnixTimeMilliseconds());
        Source("\"schema\":\"\",\"table\":\"\",\"txId\":"u8, source);
        _json.Write("},\"transaction\":"u8);
        Place(source);
        _json.Write(",\"message\":{\"prefix\":"u8);
        _json.Write(prefix);
        _json.Write(",\"content\":"u8);
        _json.Write(content);
        _json.Write("}}"u8);
        return _json.WrittenSpan.ToArray();
    }

    private void Place(in ChangeSource source)
    {
        if (source.Place is not { } place)
        {
            _json.Write("null"u8);
            return;
        }
        _json.Write("{\"id\":\""u8);
        JsonText.Number(_json, (ulong)place.Xid);
        _json.Write(":"u8);
        JsonText.Number(_json, source.Lsn.Value);
        _json.Write("\",\"total_order\":"u8);
        JsonText.Number(_json, place.Total);
        _json.Write(",\"data_collection_order\":"u8);
        JsonText.Number(_json, place.InCollection);
        _json.Write("}"u8);
    }

    private void Source(ReadOnlySpan<byte> table, in ChangeSource source)
    {
        _json.Write(_sourceHead);
        JsonText.Number(_json, source.At.ToUnixTimeMilliseconds());
        _json.Write(",\"snapshot\":"u8);
        if (profile.OmitsStreamWord && source.Snapshot == ChangeSource.Stream)
            _json.Write("null"u8);
        else
        {
            _json.Write("\""u8);
            Ascii(source.Snapshot);
            _json.Write("\""u8);
        }
        _json.Write(",\"db\":"u8);
        _json.Write(_database);
        _json.Write(",\"sequence\":\"["u8);
        if (source.LastCommit is { } last)
            Quoted(last.Value);
        else
            _json.Write("null"u8);
        _json.Write(","u8);
        Quoted(source.Lsn.Value);
        _json.Write("]\",\"ts_us\":"u8);
        var microseconds = Microseconds(source.At);
        JsonText.Number(_json, microseconds);
        _json.Write(",\"ts_ns\":"u8);
        JsonText.Number(_json, microseconds * 1_000);
        _json.Write(","u8);
        _json.Write(table);
        if (source.Xid is { } xid)
            JsonText.Number(_json, (ulong)xid);
        else
            _json.Write("null"u8);
        _json.Write(",\"lsn\":"u8);
        JsonText.Number(_json, source.Lsn.Value);
        _json.Write(",\"xmin\":"u8);
        if (source.Xmin is { } xmin)
            JsonText.Number(_json, (ulong)xmin);
        else
            _json.Write("null"u8);
        _json.Write(",\"origin\":"u8);
        if (source.Origin is { } origin)
            JsonText.String(_json, System.Text.Encoding.UTF8.GetBytes(origin));
        else
            _json.Write("null"u8);
        _json.Write(",\"origin_lsn\":"u8);
        if (source.OriginLsn is { } originLsn)
            JsonText.Number(_json, originLsn.Value);
        else
            _json.Write("null"u8);
    }

    private void Tail(RelationModel relation, char op, in ChangeSource source)
    {
        Source(relation.SourceTail, source);
        _json.Write("},\"transaction\":"u8);
        Place(source);
        _json.Write(",\"op\":\""u8);
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

    private static long Microseconds(DateTimeOffset at) =>
        (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
