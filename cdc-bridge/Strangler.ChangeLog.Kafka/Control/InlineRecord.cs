namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>The content of a record that is in no topic of its own, but in the control record.</summary>
internal sealed record InlineRecord(string Topic, byte[]? Key, IReadOnlyList<LogHeader> Headers, byte[]? Value);
