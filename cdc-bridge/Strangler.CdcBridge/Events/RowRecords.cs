using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Turns row messages into Debezium's records: a delete has its tombstone; a changed key is a delete, a tombstone and a
/// create with Debezium's headers.
/// </summary>
internal sealed class RowRecords(
    EnvelopeWriter envelopes,
    EventProfile profile,
    OutboxRouter? outbox,
    TransactionMetadata? transaction
)
{
    private const string NewKeyHeader = "__debezium.newkey";
    private const string OldKeyHeader = "__debezium.oldkey";

    private readonly IReadOnlyList<LogHeader> _headers = profile.Headers;
    private readonly OutboxRecords? _outbox = outbox is null ? null : new OutboxRecords(outbox, envelopes);

    public void Insert(RelationModel relation, RowTuple row, in ChangeSource source, RecordSink sink)
    {
        if (!profile.Writes('c'))
            return;
        Checked(relation, row);
        Create(relation, row, default, source, _headers, sink);
    }

    public void Update(
        RelationModel relation,
        OldRow oldKind,
        RowTuple old,
        RowTuple row,
        in ChangeSource source,
        RecordSink sink
    )
    {
        if (!profile.Writes('u'))
            return;
        Checked(relation, row);
        if (oldKind != OldRow.None)
            Checked(relation, old);
        var key = envelopes.Key(relation, row, old);
        var oldKey = oldKind == OldRow.None ? key : envelopes.Key(relation, old);
        var before = oldKind == OldRow.Full || profile.ShowsOldKeys ? old : default;
        if (key is null || oldKey is null || key.AsSpan().SequenceEqual(oldKey))
        {
            var value = Row(relation, 'u', before, row, source, old);
            if (profile.SkipsUnchanged && oldKind == OldRow.Full && envelopes.IsUnchanged)
                return;
            if (Outbox(relation) is { } table)
                _outbox!.Refuse(table);
            else
                Add(relation, key, value, _headers, sink);
            Count(relation);
            return;
        }
        LogHeader[] gone = [new(NewKeyHeader, Payload(relation, key)), .. _headers];
        AddDelete(relation, oldKey, Row(relation, 'd', old, default, source), gone, sink);
        LogHeader[] come = [new(OldKeyHeader, Payload(relation, oldKey)), .. _headers];
        Create(relation, row, old, source, come, sink);
    }

    public void Delete(RelationModel relation, RowTuple old, in ChangeSource source, RecordSink sink)
    {
        if (!profile.Writes('d'))
            return;
        var key = envelopes.Key(relation, Checked(relation, old));
        AddDelete(relation, key, Row(relation, 'd', old, default, source), _headers, sink);
    }

    public void Truncate(RelationModel relation, in ChangeSource source, RecordSink sink)
    {
        if (!profile.Writes('t'))
            return;
        if (Outbox(relation) is { } table)
            _outbox!.Refuse(table);
        else
        {
            var value = envelopes.Truncate(relation, source with { Place = transaction?.Next(Collection(relation)) });
            sink.Add(LogRecordKind.Truncate, relation.EventTopic, null, _headers, value);
        }
        Count(relation);
    }

    /// <summary>The table as an outbox; null if it isn't one.</summary>
    private OutboxTable? Outbox(RelationModel relation) => _outbox?.Find(relation);

    private static string Collection(RelationModel relation) => $"{relation.Shape.Schema}.{relation.Shape.Table}";

    private byte[] Row(
        RelationModel relation,
        char op,
        RowTuple before,
        RowTuple after,
        in ChangeSource source,
        RowTuple filler = default
    ) =>
        transaction is null
            ? envelopes.Row(relation, op, before, after, source, filler)
            : envelopes.Row(
                relation,
                op,
                before,
                after,
                source with
                {
                    Place = transaction.Next(Collection(relation)),
                },
                filler
            );

    private void Count(RelationModel relation) => transaction?.Count(Collection(relation));

    private void Create(
        RelationModel relation,
        RowTuple row,
        RowTuple filler,
        in ChangeSource source,
        IReadOnlyList<LogHeader> headers,
        RecordSink sink
    )
    {
        if (Outbox(relation) is { } table)
            _outbox!.Add(table, row, filler, headers, sink);
        else
        {
            var key = envelopes.Key(relation, row, filler);
            Add(relation, key, Row(relation, 'c', default, row, source, filler), headers, sink);
        }
        Count(relation);
    }

    private void AddDelete(
        RelationModel relation,
        byte[]? key,
        byte[] value,
        IReadOnlyList<LogHeader> headers,
        RecordSink sink
    )
    {
        Count(relation);
        if (Outbox(relation) is not null)
            return;
        sink.Add(LogRecordKind.Data, relation.EventTopic, key, headers, value);
        var isFollowed = profile.Tombstones switch
        {
            TombstonePolicy.None => false,
            TombstonePolicy.OfKeys => key is not null,
            _ => true,
        };
        if (isFollowed)
            sink.Add(LogRecordKind.Tombstone, relation.EventTopic, key, headers, null);
    }

    /// <summary>Adds the last written row, with the headers that it needs.</summary>
    private void Add(
        RelationModel relation,
        byte[]? key,
        byte[] row,
        IReadOnlyList<LogHeader> headers,
        RecordSink sink
    ) =>
        sink.Add(
            LogRecordKind.Data,
            relation.EventTopic,
            key,
            envelopes.Headers is { Count: > 0 } own ? [.. headers, .. own] : headers,
            row
        );

    /// <summary>A key without its schema, as headers have it.</summary>
    private static string Payload(RelationModel relation, byte[] key)
    {
        var payload = relation.KeyHead.Length == 0 ? key : key.AsSpan()[relation.KeyHead.Length..^1];
        return System.Text.Encoding.UTF8.GetString(payload);
    }

    private static RowTuple Checked(RelationModel relation, RowTuple row) =>
        row.Count == relation.Columns.Length
            ? row
            : throw new MalformedFrameException(
                $"A row of '{relation.Topic}' has {row.Count} columns, its relation {relation.Columns.Length}."
            );
}
