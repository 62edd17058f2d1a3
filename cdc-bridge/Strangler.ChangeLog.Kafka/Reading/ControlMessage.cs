using System.Text;
using Confluent.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>Tells a message of the control topic that counts from one that doesn't.</summary>
internal static class ControlMessage
{
    /// <summary>
    /// The control record of a message; null if it doesn't count, because somebody else wrote it or it is not where its
    /// writer expected it.
    /// </summary>
    /// <exception cref="FaultException">It can't be read, or belongs to another source.</exception>
    public static ControlRecord? Counted(ConsumeResult<byte[], byte[]> result, string source)
    {
        var (topic, offset) = (result.Topic, result.Offset.Value);
        try
        {
            if (ControlFormat.FromBytes(result.Message.Value) is not { } record || record.Offset != offset)
                return null;
            var found = result.Message.Key is null ? "" : Encoding.UTF8.GetString(result.Message.Key);
            return found == source ? record : throw new FaultException(KafkaFault.Stranger(topic, source, found));
        }
        catch (FormatException exception)
        {
            throw new FaultException(KafkaFault.Malformed(topic, offset, exception.Message), exception);
        }
    }
}
