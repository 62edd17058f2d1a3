using Strangler.ChangeLog;

namespace Strangler.CdcBridge;

/// <content>How the log's end moves beside transactions.</content>
internal sealed partial class StreamPump
{
    /// <summary>
    /// Readers find everything before this in the log. It may be less than what is acknowledged: the end of a
    /// transaction is the begin of its commit record.
    /// </summary>
    private Lsn Reach => appender.End?.Reach ?? Lsn.Zero;

    /// <summary>The end of what has been handled, which may not be stored yet.</summary>
    private Position Through()
    {
        var through = Position.EndOf(changes.Offset.Epoch, changes.Offset.Acknowledged.JustBefore);
        return appender.End is { } end && end > through ? end : through;
    }

    /// <summary>
    /// A stream that is never idle has heartbeats, too: behind the last transaction that is whole. While somebody
    /// waits, each append goes as far as the stream is known to be.
    /// </summary>
    private LogAppend WithHeartbeat(LogAppend append)
    {
        var through = Position.EndOf(changes.Offset.Epoch, changes.Offset.Acknowledged.JustBefore);
        if (changes.Check is not null || through <= append.Through)
            return append;
        var beats = heartbeats.Due(through, changes.At, time.GetElapsedTime(_began), time.GetUtcNow());
        if (beats.Records.Count == 0)
            return demanded.IsPending(Reach) ? append with { Through = through } : append;
        return append with
        {
            Records = [.. append.Records, .. beats.Records],
            Transactions = [.. append.Transactions, .. beats.Transactions],
            Through = through,
        };
    }

    /// <summary>No frame is available.</summary>
    private async Task IdleAsync(CancellationToken cancellationToken)
    {
        if (watch.Fault is { } fault)
            throw fault;
        if (changes.Check is { } check)
        {
            // An idle source: its keepalives say how far it has sent.
            if (!changes.IsOpen && stream.Received > check.End.Commit)
                await VerifyAsync(check, cancellationToken);
            return;
        }
        if (time.GetElapsedTime(_lastRetention) >= timings.Retention)
            await RetainAsync(cancellationToken);
        if (changes.IsOpen || !changes.Batch.IsEmpty || changes.Unplaced is not null)
            return;
        var known = stream.Received;
        await demanded.PushAsync(Reach, known, cancellationToken);
        if (known is not { } received)
            return; // heartbeats move the log's end meanwhile
        if (_slot is not null && received >= _slot.Point)
        {
            await ReadAgainAsync(cancellationToken);
            return;
        }
        if (
            !demanded.IsDue(Reach, received, time.GetElapsedTime(_lastProgress))
            && (
                (received <= appends.Acknowledged && watch.Seen == appends.Seen)
                || time.GetElapsedTime(_lastProgress) < timings.Progress
            )
        )
            return;
        await ProgressAsync(received, cancellationToken);
    }

    private async Task ProgressAsync(Lsn received, CancellationToken cancellationToken)
    {
        _lastProgress = time.GetTimestamp();
        var through = Position.EndOf(changes.Offset.Epoch, received.JustBefore);
        if (appender.End is { } end && through <= end)
        {
            // Nothing was sent since, but the catalogue has been checked.
            if (watch.Seen != appends.Seen)
                await appends.BeginAsync(
                    new LogAppend([], [], end, changes.At),
                    appends.Acknowledged,
                    cancellationToken
                );
            return;
        }
        changes.Offset = changes.Offset with { Acknowledged = received };
        var beats = heartbeats.Due(through, changes.At, time.GetElapsedTime(_began), time.GetUtcNow());
        await appends.BeginAsync(
            new LogAppend(beats.Records, beats.Transactions, through, changes.At, changes.Offset.ToJson()),
            received,
            cancellationToken
        );
    }
}
