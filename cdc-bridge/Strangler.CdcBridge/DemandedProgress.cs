using Npgsql;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge;

/// <summary>
/// Gets the stream past what readers wait for, while no frame is available. 1. The server is asked how far it has sent.
/// 2. If that isn't enough after a while, a message is written to the source: its commit flushes what was committed
/// without waiting for the disk, and comes after it. At most ten messages a second are written, which is about 2 kB of
/// write-ahead log.
/// </summary>
internal sealed class DemandedProgress(
    WantedProgress wanted,
    ReplicationStream stream,
    SourceWatch watch,
    TimeProvider time
)
{
    /// <summary>How often is looked while somebody waits.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MarkDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MarkInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Progress that doesn't reach what is wanted is stored this often.</summary>
    private static readonly TimeSpan PartInterval = TimeSpan.FromMilliseconds(20);

    private long _since,
        _asked,
        _marked;
    private Lsn? _for;
    private Task _mark = Task.CompletedTask;

    /// <summary>Whether somebody waits for more than is stored.</summary>
    public bool IsPending(Lsn stored) => wanted.Before > stored;

    /// <summary>Completes soon while somebody waits, and otherwise after a time or when somebody begins to.</summary>
    public Task RestAsync(Lsn stored, TimeSpan tick, CancellationToken cancellationToken)
    {
        var raised = wanted.Raised(); // before the wish is read
        return IsPending(stored)
            ? Task.Delay(Tick, time, cancellationToken)
            : Task.WhenAny(raised, Task.Delay(tick, time, cancellationToken));
    }

    /// <summary>Whether progress through <paramref name="received"/> is stored now.</summary>
    public bool IsDue(Lsn stored, Lsn received, TimeSpan sinceLast) =>
        received > stored
        && wanted.Before is { } before
        && before > stored
        && (received >= before || sinceLast >= PartInterval);

    /// <summary>Asks the server, or writes, if it is time to.</summary>
    /// <param name="stored">Everything before it is stored.</param>
    /// <param name="received">How far the server is known to have sent; null if that can't be known now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask PushAsync(Lsn stored, Lsn? received, CancellationToken cancellationToken)
    {
        if (wanted.Before is not { } before || before <= stored || received >= before || received == Lsn.Zero)
        {
            _for = null;
            return;
        }
        if (_for is null)
            (_for, _since) = (before, time.GetTimestamp());
        if (received is not null && (_asked == 0 || time.GetElapsedTime(_asked) >= AskInterval)) // 1
        {
            _asked = time.GetTimestamp();
            await stream.AskAsync(cancellationToken);
        }
        if (
            time.GetElapsedTime(_since) >= MarkDelay
            && _mark.IsCompleted
            && (_marked == 0 || time.GetElapsedTime(_marked) >= MarkInterval)
        ) // 2
        {
            _marked = time.GetTimestamp();
            _mark = MarkAsync(cancellationToken);
        }
    }

    private async Task MarkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await watch.MarkAsync(cancellationToken);
        }
        // The watch reports a source that can't be written to.
        catch (Exception exception)
            when (exception is NpgsqlException or IOException or TimeoutException or OperationCanceledException) { }
    }
}
