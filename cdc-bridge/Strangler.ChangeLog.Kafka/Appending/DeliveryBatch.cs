using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Control;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>Messages that were sent together, and where the broker says that it has stored them.</summary>
internal sealed class DeliveryBatch(int count)
{
    private readonly MessagePlace?[] _places = new MessagePlace?[count];
    private int _left;
    private (int Index, Error Error)? _failure;

    /// <summary>How many were sent and are not confirmed.</summary>
    public int Left => Volatile.Read(ref _left);

    /// <summary>The first that the broker did not take.</summary>
    public (int Index, Error Error)? Failure => _failure;

    /// <summary>Where each was stored; null for those that were not sent.</summary>
    public IReadOnlyList<MessagePlace?> Places => _places;

    /// <summary>What the client calls when a message that is sent now is stored, or isn't.</summary>
    public Action<DeliveryReport<byte[], byte[]>> For(int index)
    {
        Interlocked.Increment(ref _left);
        return report => Add(index, report);
    }

    /// <summary>One of them can't be sent.</summary>
    public void Fail(int index, Error error) => _failure ??= (index, error);

    private void Add(int index, DeliveryReport<byte[], byte[]> report)
    {
        var isUnknown = report.Offset == Offset.Unset;
        if (report.Error.IsError || report.Status != PersistenceStatus.Persisted || isUnknown)
        {
            Fail(
                index,
                report.Error.IsError
                    ? report.Error
                    : new Error(ErrorCode.Local_Inconsistent, "It is not known where the message was stored")
            );
            return;
        }
        _places[index] = new MessagePlace(report.Topic, report.Partition.Value, report.Offset.Value);
        Interlocked.Decrement(ref _left);
    }
}
