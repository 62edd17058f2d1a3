using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Failpoints;

namespace Strangler.CdcBridge;

/// <summary>
/// Stores one append while the next one is collected, and acknowledges only what is stored. For one caller at a time.
/// </summary>
internal sealed class AppendPipeline(
    ReplicationStream stream,
    ILogAppender appender,
    SourceWatch watch,
    BridgeMonitor monitor,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private Task<Lsn>? _pending;

    /// <summary>The append that has begun; null if everything is stored and acknowledged.</summary>
    public Task? Pending => _pending;

    /// <summary>What the source may forget.</summary>
    public Lsn Acknowledged { get; private set; }

    /// <summary>Until when the catalogue was equal to what had been read, according to the log.</summary>
    public Lsn? Seen { get; private set; }

    /// <summary>Begins an append, once the one before is stored.</summary>
    /// <param name="append">What is appended.</param>
    /// <param name="acknowledged">What is acknowledged once it is stored.</param>
    public async Task BeginAsync(LogAppend append, Lsn acknowledged, CancellationToken cancellationToken)
    {
        await StoredAsync();
        await AwaitLookAsync(cancellationToken);
        // The watch found the catalogue equal to what had been read by then, and that is in the log by now.
        if (append.Through is not null && watch.Seen is { } seen && seen != Seen)
        {
            append = append with { CatalogueSeen = seen };
            Seen = seen;
        }
        _pending = Task.Run(() => AppendAsync(append, acknowledged, cancellationToken), CancellationToken.None);
    }

    /// <summary>Waits until the append that has begun is stored, and acknowledges it.</summary>
    public async ValueTask StoredAsync()
    {
        if (_pending is not { } pending)
            return;
        _pending = null;
        var acknowledged = await pending;
        Failpoint.Pass("bridge.stored-not-acknowledged");
        Acknowledge(acknowledged);
    }

    /// <summary>Tells the source that everything before <paramref name="lsn"/> is stored.</summary>
    public void Acknowledge(Lsn lsn)
    {
        if (lsn <= Acknowledged)
            return;
        Acknowledged = lsn;
        stream.Acknowledge(lsn);
    }

    private async Task<Lsn> AppendAsync(LogAppend append, Lsn acknowledged, CancellationToken cancellationToken)
    {
        await appender.AppendAsync(append, cancellationToken);
        if (append.Through is null)
            Failpoint.Pass("bridge.chunk-stored");
        return acknowledged;
    }

    /// <summary>
    /// Waits while the catalogue can't be read: nothing is appended, and the stream isn't read further, so the server
    /// holds it back.
    /// </summary>
    private async ValueTask AwaitLookAsync(CancellationToken cancellationToken)
    {
        if (!watch.IsBlind)
            return;
        logger.CatalogueUnseen(watch.LookAge, watch.Trouble);
        monitor.Is(new BridgeStatus.Wait($"The source's catalogue can't be read. {watch.Trouble}"));
        while (watch.IsBlind)
        {
            if (watch.Fault is { } fault)
                throw fault;
            if (stream.HasEnded)
                throw new IOException("the stream has ended, and the source's catalogue could not be read");
            await Task.Delay(Tick, time, cancellationToken);
        }
        monitor.Is(new BridgeStatus.Stream());
        logger.CatalogueSeenAgain();
    }
}
