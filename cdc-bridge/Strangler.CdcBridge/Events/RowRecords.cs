using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>Turns row messages into Debezium's records: a delete has its tombstone, a changed key is a delete, a tombstone and a create with Debezium's headers.</summary>
internal sealed class RowRecords(EnvelopeWriter envelopes)
{
    private const string NewKeyHeader = "__debezium.newkey";
    private const string OldKeyHeader = "__debezium.oldkey";

    public void Insert(RelationModel relation, RowTuple row, in ChangeSource source, RecordSink sink) =>
        sink.Add(LogRecordKind.Data, relation.Topic, envelopes.Key(relation, Checked(relation, row)), [], envelopes.Row(relation, 'c', default, row, source));

    public void Update(RelationModel relation, OldRow oldKind, RowTuple old, RowTuple row, in ChangeSource source, RecordSink sink)
    {
        Checked(relation, row);
        if (oldKind != OldRow.None) Checked(relation, old);
        var key = envelopes.Key(relation, row);
        var oldKey = oldKind == OldRow.None ? key : envelopes.Key(relation, old);
        if (key is null || oldKey is null || key.AsSpan().SequenceEqual(oldKey))
        {
            sink.Add(LogRecordKind.Data, relation.Topic, key, [], envelopes.Row(relation, 'u', oldKind == OldRow.Full ? old : default, row, source, oldKind == OldRow.Full ? old : default));
            return;
        }
        var gone = new[] { new LogHeader(NewKeyHeader, System.Text.Encoding.UTF8.GetString(key)) };
        sink.Add(LogRecordKind.Data, relation.Topic, oldKey, gone, envelopes.Row(relation, 'd', old, default, source));
        sink.Add(LogRecordKind.Tombstone, relation.Topic, oldKey, gone, null);
        sink.Add(LogRecordKind.Data, relation.Topic, key, [new LogHeader(OldKeyHeader, System.Text.Encoding.UTF8.GetString(oldKey))], envelopes.Row(relation, 'c', default, row, source, oldKind == OldRow.Full ? old : default));
    }

    public void Delete(RelationModel relation, RowTuple old, in ChangeSource source, RecordSink sink)
    {
        var key = envelopes.Key(relation, Checked(relation, old));
        sink.Add(LogRecordKind.Data, relation.Topic, key, [], envelopes.Row(relation, 'd', old, default, source));
        if (key is not null) sink.Add(LogRecordKind.Tombstone, relation.Topic, key, [], null);
    }

    public void Truncate(RelationModel relation, in ChangeSource source, RecordSink sink) =>
        sink.Add(LogRecordKind.Truncate, relation.Topic, null, [], envelopes.Truncate(relation, source));

    private static RowTuple Checked(RelationModel relation, RowTuple row) => row.Count == relation.Columns.Length
        ? row
        : throw new MalformedFrameException($"A row of '{relation.Topic}' has {row.Count} columns, its relation {relation.Columns.Length}.");
}
