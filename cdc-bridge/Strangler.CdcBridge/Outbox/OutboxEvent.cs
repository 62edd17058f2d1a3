using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Outbox;

/// <summary>What becomes of a row of an outbox.</summary>
/// <param name="Partition">Null: the key decides.</param>
/// <param name="Timestamp">Null: the time at which it is written.</param>
internal sealed record OutboxEvent(
    string Topic,
    byte[]? Key,
    IReadOnlyList<LogHeader> Headers,
    byte[]? Value,
    int? Partition,
    DateTimeOffset? Timestamp
);
