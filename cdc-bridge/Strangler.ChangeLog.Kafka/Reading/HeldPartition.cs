using Confluent.Kafka;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>The messages of one partition that have come and are not taken yet.</summary>
internal sealed class HeldPartition(TopicPartition at, ReadAheadBytes all)
{
    private readonly Queue<ConsumeResult<byte[], byte[]>> _held = new();

    public TopicPartition At => at;

    /// <summary>The offset that comes next; -1 before the first.</summary>
    public long Next { get; private set; } = -1;

    public long Bytes
    {
        get;
        private set
        {
            all.Add(value - field);
            field = value;
        }
    }

    /// <summary>Whether the consumer fetches it.</summary>
    public bool IsAssigned { get; set; }

    /// <summary>The offset of the first message that is held, or else of the one that comes next.</summary>
    public long First => _held.TryPeek(out var first) ? first.Offset.Value : Next;

    /// <summary>Forgets what is held, and where it was.</summary>
    public void Forget() => Restart(-1);

    /// <summary>Begins again at an offset.</summary>
    public void Restart(long offset)
    {
        _held.Clear();
        (Next, Bytes) = (offset, 0);
    }

    public void Add(ConsumeResult<byte[], byte[]> message)
    {
        if (message.Offset.Value < Next)
            return;
        _held.Enqueue(message);
        Next = message.Offset.Value + 1;
        Bytes += Size(message);
    }

    /// <summary>Forgets the messages before an offset.</summary>
    public void Skip(long offset)
    {
        while (_held.TryPeek(out var first) && first.Offset.Value < offset)
            Bytes -= Size(_held.Dequeue());
    }

    /// <summary>The message at an offset; null if it isn't there.</summary>
    public Message<byte[], byte[]>? Take(long offset)
    {
        Skip(offset);
        if (!_held.TryPeek(out var first) || first.Offset.Value != offset)
            return null;
        Bytes -= Size(_held.Dequeue());
        return first.Message;
    }

    private static long Size(ConsumeResult<byte[], byte[]> message) =>
        (message.Message.Key?.Length ?? 0) + (message.Message.Value?.Length ?? 0);
}
