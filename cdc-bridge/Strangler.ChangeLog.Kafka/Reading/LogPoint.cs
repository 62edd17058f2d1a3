using Strangler.ChangeLog.Kafka.Control;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>How far the control topic has come.</summary>
/// <param name="Low">The first offset that it still has.</param>
/// <param name="High">The offset that comes next.</param>
/// <param name="Last">The last record that counts; null if there is none.</param>
internal sealed record LogPoint(long Low, long High, ControlRecord? Last)
{
    /// <summary>Whether another point is of the same log: else the topic has been created again in between.</summary>
    public bool IsOf(Guid log) => State.Log == log;

    public ControlState State => Last?.State ?? ControlState.Nothing;
}
