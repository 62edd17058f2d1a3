using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Telemetry;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.Foundation.Failpoints;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge;

/// <summary>
/// Moves the stream into the log. Steps, continuing those of <see cref="InitialSnapshot"/>: (3) frames are read from
/// where the slot was confirmed. What the log already has is compared with it and skipped. Until the server has passed
/// the log's end without a difference, nothing is appended or acknowledged, and the log isn't trusted: the source may
/// have another history; (4) whole transactions are collected, and appended when no further frame is immediately
/// available or the batch is full; meanwhile the next batch is collected, and is appended once this one is stored. A
/// larger transaction is appended in chunks that nobody sees before its commit; (5)
/// only what the append has stored is acknowledged. While nothing is collected and no transaction is open, what the
/// server says it has sent is stored as progress and then acknowledged. Nothing is while the catalogue can't be read;
/// (6) what is in doubt is read again: a temporary slot is created, the stream continues to its consistent point, and
/// is held there until the rows are in the log. If that fails, the stream continues, the tables stay in doubt, and it
/// is tried again after a pause.
/// </summary>
internal sealed partial class StreamPump(
    ReplicationStream stream,
    ChangeStream changes,
    ILogAppender appender,
    AppendPipeline appends,
    string server,
    TableScan reading,
    Heartbeats heartbeats,
    SlotXmin? xmin,
    SourceWatch watch,
    DemandedProgress demanded,
    Func<CancellationToken, Task<LogRetention>> retention,
    BridgeTimings timings,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
{
    private const int MaxNamed = 10;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly TableScanBackoff _pause = new(timings.MaxBackoff, time);
    private ExportedSlot? _slot;
    private readonly long _began = time.GetTimestamp();
    private IReadOnlyList<TableOffset>? _known;
    private HistoryCheck? _verified;
    private bool _isTrusted;
    private Fault? _undeleted;
    private long _lastProgress = time.GetTimestamp(),
        _lastRetention = time.GetTimestamp();

    /// <summary>Returns when the server has ended the stream.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PumpAsync(cancellationToken);
        }
        finally
        {
            await appends.StoredAsync(); // an append that fails says more than a stream that ends
        }
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        if (changes.Check is null)
            await BeginAsync(cancellationToken); // its snapshot is the source's
        watch.StreamRequested();
        while (await NextAsync(cancellationToken))
        {
            // 3
            watch.MessageArrived();
            await CompareAsync(cancellationToken);
            if (_slot is not null && FrameKind.StandsAt(stream.Frame) >= _slot.Point)
                await ReadAgainAsync(cancellationToken);
            if (FrameKind.Describes(stream.Frame) is { } shape)
                await changes.LearnAsync(shape, cancellationToken);
            else
            {
                if (xmin is { IsDue: true })
                    changes.Xmin = await xmin.ReadAsync(cancellationToken);
                changes.Handle(stream.Frame, stream.FrameLsn);
            }

            // 4
            if (changes.Batch.IsFull)
                await FlushAsync(chunk: changes.IsOpen, cancellationToken);
            if (changes.IsOpen || _slot is not null)
                continue;
            if (changes.Doubts.Count > 0 && _pause.IsOver)
                await BeginReadingAsync(cancellationToken);
            else if (!ReferenceEquals(_known, changes.Offset.Tables))
                TellWatch(); // a table stays in doubt
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_slot is not null)
            await _slot.DisposeAsync();
    }

    /// <summary>
    /// From here on, what was found before applies. A difference in the catalogue belongs before everything that is
    /// appended; until it is placed, nothing is trusted, and the watch doesn't find it again.
    /// </summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (changes.Unplaced is null)
            await TrustAsync(cancellationToken);
        watch.Known(_known = changes.Unplaced is null ? changes.Offset.Tables : null, Through());
        appends.Acknowledge(changes.Offset.Acknowledged);
    }

    /// <summary>
    /// Before a frame is handled, loads the log's side of the comparison. What comes after the log's end is only
    /// handled once all transactions before it are known to be the log's.
    /// </summary>
    private async ValueTask CompareAsync(CancellationToken cancellationToken)
    {
        if (changes.Check is not { } check)
            return;
        if (FrameKind.StandsAt(stream.Frame) > check.End.Commit)
            await VerifyAsync(check, cancellationToken);
        else
            await ExpectAsync(check, cancellationToken);
    }

    private async ValueTask ExpectAsync(HistoryCheck check, CancellationToken cancellationToken)
    {
        while (check.Wants is { } from)
            check.Expect(await appender.TransactionsAsync(from, check.End, HistoryCheck.PageSize, cancellationToken));
    }

    /// <summary>The server has passed the log's end.</summary>
    /// <exception cref="AnotherHistoryException">The log has more than the server has sent.</exception>
    private async Task VerifyAsync(HistoryCheck check, CancellationToken cancellationToken)
    {
        await ExpectAsync(check, cancellationToken);
        if (check.Passed() is { } history)
            throw new AnotherHistoryException(history);
        // Tables may have changed without row events while nobody watched. That belongs before everything that is
        // appended from here on.
        var difference = await watch.CompareAsync(changes.Offset.Tables, cancellationToken);
        Failpoint.Pass("bridge.history-compared");
        (_verified, changes.Check, changes.Unplaced) = (check, null, difference.IsEmpty ? null : difference);
        await BeginAsync(cancellationToken);
    }

    /// <summary>From here on, look-ups may be answered from the log.</summary>
    private async Task TrustAsync(CancellationToken cancellationToken)
    {
        await appender.VerifiedAsync(server, cancellationToken);
        _isTrusted = true;
        if (_verified is { } check)
            logger.HistoryVerified(check.From, check.End);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        var next = stream.MoveNextAsync();
        if (next.IsCompleted)
            return await next;
        var waiting = next.AsTask();
        await FlushAsync(chunk: false, cancellationToken);
        while (await Task.WhenAny(waiting, appends.Pending ?? RestAsync()) != waiting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (appends.Pending is not null)
                await appends.StoredAsync();
            else
                await IdleAsync(cancellationToken);
        }
        return await waiting;

        Task RestAsync() => demanded.RestAsync(Reach, Tick, cancellationToken);
    }

    /// <summary>Appends what is whole, and a chunk of the open transaction if the batch has no room left.</summary>
    private async ValueTask FlushAsync(bool chunk, CancellationToken cancellationToken)
    {
        if (watch.Fault is { } fault)
            throw fault;
        if (changes.Batch.HasComplete)
        {
            var offset = changes.Offset;
            await appends.BeginAsync(
                WithHeartbeat(changes.Batch.TakeComplete(offset.ToJson())),
                offset.Acknowledged,
                cancellationToken
            );
            if (!_isTrusted && changes is { Check: null, Unplaced: null })
            {
                await appends.StoredAsync();
                await TrustAsync(cancellationToken);
            }
            if (changes.HasReadBlindly && !changes.IsOpen)
            {
                // If the server sent it again, another session without conversion would be needed.
                await appends.StoredAsync();
                await stream.ConfirmAsync(appends.Acknowledged, time, cancellationToken);
                throw new IOException("what the server could not convert has been read, and it converts again");
            }
        }
        if (chunk && changes.Batch.IsFull)
            await appends.BeginAsync(changes.Batch.TakeChunk(changes.At), appends.Acknowledged, cancellationToken);
        if (changes.Check is null && time.GetElapsedTime(_lastRetention) >= timings.Retention)
            await RetainAsync(cancellationToken);
    }

    // 6
    private async Task BeginReadingAsync(CancellationToken cancellationToken)
    {
        watch.Known(_known = null);
        await FlushAsync(chunk: false, cancellationToken);
        await appends.StoredAsync();
        await changes.LearnAgainAsync(cancellationToken);
        try
        {
            _slot = await reading.BeginAsync(cancellationToken);
            await watch.MarkAsync(cancellationToken);
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested && reading.Obstacle(exception) is { } obstacle)
        {
            await DisposeAsync();
            _slot = null;
            PutOff(obstacle);
        }
    }

    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        var slot = _slot!;
        _slot = null;
        await using (slot)
        {
            await FlushAsync(chunk: false, cancellationToken);
            await appends.StoredAsync();
            var topics = changes.Doubts.ToHashSet(StringComparer.Ordinal);
            try
            {
                var (offset, unread) = await reading.ReadAsync(
                    slot,
                    topics,
                    changes.Offset,
                    changes.At,
                    cancellationToken
                );
                changes.Read(offset, unread.Keys);
                foreach (var (topic, why) in unread)
                    SayPutOff(why, [topic]);
                if (unread.Count == 0)
                    _pause.End();
                else
                    _pause.Begin();
                TellWatch();
            }
            catch (SnapshotSupersededException exception)
            {
                logger.SnapshotSuperseded(exception.Message);
                PutOff(null);
            }
            catch (Exception exception)
                when (!cancellationToken.IsCancellationRequested && reading.Obstacle(exception) is { } obstacle)
            {
                PutOff(obstacle);
            }
        }
    }

    /// <summary>The stream continues, and tables in doubt stay so until a later reading.</summary>
    private void PutOff(TableScanObstacle? obstacle)
    {
        _pause.Begin();
        if (obstacle is not null)
            SayPutOff(obstacle, changes.Doubts);
        TellWatch();
    }

    private void SayPutOff(TableScanObstacle obstacle, IEnumerable<string> doubts)
    {
        if (changes.PutOff(obstacle, doubts) is [_, ..] topics)
            logger.ReadingPutOff(topics.Count, string.Join(", ", topics.Take(MaxNamed)), obstacle.Why.ToString());
    }

    private void TellWatch() =>
        watch.Known(_known = changes.Offset.Tables, changes.Doubts.ToHashSet(StringComparer.Ordinal), Through());

    private async Task RetainAsync(CancellationToken cancellationToken)
    {
        _lastRetention = time.GetTimestamp();
        await appends.StoredAsync();
        LogRetention kept;
        try
        {
            kept = await retention(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            logger.RetentionPutOff(exception.Message); // the stream notices a lost connection
            return;
        }
        if (await appender.RetainAsync(kept, cancellationToken) is > 0 and var segments)
            logger.Retained(segments);
        if (appender.Undeleted != _undeleted)
        {
            _undeleted = appender.Undeleted;
            if (_undeleted is { } fault)
                logger.RetentionRefused(fault.ToString());
            else
                logger.RetentionWorksAgain();
        }
    }
}
