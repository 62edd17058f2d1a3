using Strangler.ChangeLog.Kafka.Control;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>The whole transactions that the control records of a range of offsets tell, in commit order.</summary>
internal static class TransactionScan
{
    public static IEnumerable<(int Epoch, LogTransaction Transaction)> Of(
        ControlReader reader,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var waiting = new List<LogTransaction>();
        for (var at = from; at < to; at++)
        {
            if (reader.Read(at, cancellationToken) is not { } record)
                continue;
            if (record.Kind is ControlKind.Opened or ControlKind.Discarded)
                waiting.Clear();
            waiting.AddRange(record.Transactions);
            if (record.Kind != ControlKind.Cut)
                continue;
            foreach (var transaction in waiting)
                yield return (record.State.End!.Value.Epoch, transaction);
            waiting.Clear();
        }
    }
}
