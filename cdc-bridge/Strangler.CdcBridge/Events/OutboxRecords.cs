using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>Reads rows of an outbox for the router, and adds its events.</summary>
internal sealed class OutboxRecords(OutboxRouter router, EnvelopeWriter envelopes)
{
    /// <returns>Null if the table isn't an outbox.</returns>
    public OutboxTable? Find(RelationModel relation)
    {
        lock (router)
            return router.Find(relation);
    }

    /// <inheritdoc cref="OutboxRouter.Refuse"/>
    public void Refuse(OutboxTable table) => router.Refuse(table);

    /// <summary>Adds the event of a row. Tables that are read at the same time share the router.</summary>
    /// <param name="filler">Supplies the values that were not sent.</param>
    public void Add(OutboxTable table, RowTuple row, RowTuple filler, IReadOnlyList<LogHeader> headers, RecordSink sink)
    {
        var read = Read(table, row, filler);
        lock (router)
        {
            if (router.Route(table, read, headers) is { } outboxEvent)
                sink.Add(outboxEvent);
        }
    }

    private OutboxRow Read(OutboxTable table, RowTuple row, RowTuple filler)
    {
        var values = new Dictionary<int, byte[]?>();
        foreach (var column in table.Columns)
            values[column.Place] = envelopes.Column(table.Relation, column.Place, row, filler);
        // Masks reach into this key, since it is a value of the row; only decimals are the key's converter's.
        var key = JavaDecimal.IsFor(table.Key.Schema)
            ? envelopes.Column(table.Relation, table.Key.Place, row, filler, isKey: true)
            : values[table.Key.Place];
        return new OutboxRow(values, key);
    }
}
