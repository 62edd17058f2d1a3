using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Turns row messages into Debezium's records: a delete has its tombstone; a changed key is a delete, a tombstone and a
/// create with Debezium's headers.
/// </summary>
internal sealed class RowRecords(EnvelopeWriter envelopes)
{
    private const string NewKeyHeader = "__debezium.newkey";
    private const string OldKeyHeader = "__debezium.oldkey";

    public void Insert(RelationModel relation, RowTuple row, in ChangeSource source, RecordSink sink) =>
        Add(
            relation,
            envelopes.Key(relation, Checked(relation, row)),
            [],
            envelopes.Row(relation, 'c', default, row, source),
            sink
        );

    public void Update(
        RelationModel relation,
        OldRow oldKind,
        RowTuple old,
        RowTuple row,
        in ChangeSource source,
        RecordSink sink
    )
    {
        Checked(relation, row);
        if (oldKind != OldRow.None)
            Checked(relation, old);
        var key = envelopes.Key(relation, row, old);
        var oldKey = oldKind == OldRow.None ? key : envelopes.Key(relation, old);
        if (key is null || oldKey is null || key.AsSpan().SequenceEqual(oldKey))
        {
            Add(
                relation,
                key,
                [],
                envelopes.Row(relation, 'u', oldKind == OldRow.Full ? old : default, row, source, old),
                sink
            );
            return;
        }
        var gone = new[] { new LogHeader(NewKeyHeader, System.Text.Encoding.UTF8.GetString(key)) };
        sink.Add(LogRecordKind.Data, relation.Topic, oldKey, gone, envelopes.Row(relation, 'd', old, default, source));
        sink.Add(LogRecordKind.Tombstone, relation.Topic, oldKey, gone, null);
        Add(
            relation,
            key,
            [new LogHeader(OldKeyHeader, System.Text.Encoding.UTF8.GetString(oldKey))],
            envelopes.Row(relation, 'c', default, row, source, old),
            sink
        );
    }

    public void Delete(RelationModel relation, RowTuple old, in ChangeSource source, RecordSink sink)
    {
        var key = envelopes.Key(relation, Checked(relation, old));
        sink.Add(LogRecordKind.Data, relation.Topic, key, [], envelopes.Row(relation, 'd', old, default, source));
        if (key is not null)
            sink.Add(LogRecordKind.Tombstone, relation.Topic, key, [], null);
    }

    public void Truncate(RelationModel relation, in ChangeSource source, RecordSink sink) =>
        sink.Add(LogRecordKind.Truncate, relation.Topic, null, [], envelopes.Truncate(relation, source));

    /// <summary>Adds the last written row, with the headers that it needs.</summary>
    private void Add(
        RelationModel relation,
        byte[]? key,
        IReadOnlyList<LogHeader> headers,
        byte[] row,
        RecordSink sink
    ) =>
        sink.Add(
            LogRecordKind.Data,
            relation.Topic,
            key,
            envelopes.Headers is { Count: > 0 } own ? [.. headers, .. own] : headers,
            row
        );

    private static RowTuple Checked(RelationModel relation, RowTuple row) =>
        row.Count == relation.Columns.Length
            ? row
            : throw new MalformedFrameException(
                $"A row of '{relation.Topic}' has {row.Count} columns, its relation {relation.Columns.Length}."
            );
}
