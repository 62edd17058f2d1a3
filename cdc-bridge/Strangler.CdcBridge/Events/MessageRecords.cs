using Strangler.CdcBridge.Profiles;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>Turns logical messages (<c>pg_logical_emit_message</c>) into Debezium's records.</summary>
internal sealed class MessageRecords(EnvelopeWriter envelopes, EventProfile profile, TransactionMetadata? transaction)
{
    private const string MessageId =
        "io.debezium.connector.postgresql.LogicalDecodingMessageMonitor$LogicalDecodingMessageId";

    private readonly string _topic = $"{profile.Prefix}.message";
    private readonly (byte[] Key, byte[] Value) _heads = profile.MessageHeads;

    public void Add(string prefix, ReadOnlySpan<byte> content, in ChangeSource source, RecordSink sink)
    {
        var name = profile.Json(prefix);
        // The connector names each message's collection by the address of a Java object, so that none counts twice.
        var collection = $"{MessageId}@{source.Lsn.Value:x}";
        var place = source.Xid is null ? null : transaction?.Next(collection);
        var value = envelopes.Message(name, profile.MessageContent(content), source with { Place = place });
        sink.Add(
            LogRecordKind.Message,
            _topic,
            SchemaHead.Around(_heads.Key, [.. "{\"prefix\":"u8, .. name, (byte)'}']),
            [],
            SchemaHead.Around(_heads.Value, value)
        );
        if (source.Xid is not null)
            transaction?.CountMessage(collection);
    }
}
