using System.Text;
using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Control;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>Puts the records of a block together again. Pure.</summary>
internal static class BlockContent
{
    /// <summary>The records of a block within a range of positions, in order.</summary>
    /// <param name="block">The block.</param>
    /// <param name="messages">The messages of each of its places.</param>
    /// <param name="after">They are after this position,</param>
    /// <param name="through">and not after this one.</param>
    public static Queue<LogRecord> Records(
        ControlBlock block,
        IReadOnlyList<Message<byte[], byte[]>[]> messages,
        Position after,
        Position through
    )
    {
        var records = new Queue<LogRecord>();
        var (next, inline) = (new int[messages.Count], 0);
        foreach (var entry in block.Entries())
        {
            var isWanted = entry.Position > after && entry.Position <= through;
            if (entry.Place == RecordRun.Inline)
            {
                var content = block.Inlines[inline++];
                if (isWanted)
                    records.Enqueue(Of(entry, content.Topic, content.Key, content.Headers, content.Value));
                continue;
            }
            var message = messages[entry.Place][next[entry.Place]++];
            if (isWanted)
                records.Enqueue(
                    Of(entry, block.Places[entry.Place].Topic, message.Key, Headers(message), message.Value)
                );
        }
        return records;
    }

    private static LogRecord Of(
        BlockEntry entry,
        string topic,
        byte[]? key,
        IReadOnlyList<LogHeader> headers,
        byte[]? value
    ) => new(entry.Position, entry.Xid, entry.Kind, topic, key, headers, value);

    private static IReadOnlyList<LogHeader> Headers(Message<byte[], byte[]> message) =>
        message.Headers is { Count: > 0 } headers
            ?
            [
                .. headers.Select(header => new LogHeader(
                    header.Key,
                    header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null
                )),
            ]
            : [];
}
