namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Consecutive records of one kind in one place.</summary>
/// <param name="Place">
/// An index of <see cref="ControlBlock.Places"/>; <see cref="Inline"/>: in the control record.
/// </param>
/// <param name="Kind">Their kind.</param>
/// <param name="Count">How many.</param>
internal readonly record struct RecordRun(int Place, LogRecordKind Kind, int Count)
{
    public const int Inline = -1;
}
