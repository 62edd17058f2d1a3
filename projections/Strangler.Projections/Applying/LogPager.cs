using Microsoft.Extensions.Logging;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>Reads the log after the checkpoint, page by page.</summary>
internal sealed class LogPager(IChangeLog log, LogReadLimit limit, ILogger logger)
{
    private bool _reads;

    /// <summary>
    /// The next page, and whether it starts over with a snapshot after a gap; null while the log has nothing to read.
    /// </summary>
    /// <exception cref="FaultException">The log no longer holds what comes next.</exception>
    public async Task<(Position After, bool Anew, LogPage Page)?> NextAsync(
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    )
    {
        if (_reads)
        {
            if (
                await log.ReadAsync(checkpoint.Source, checkpoint.Position, limit, cancellationToken)
                is LogRead<LogPage>.Found(var page)
            )
                return (checkpoint.Position, false, Cut(checkpoint, checkpoint.Position, page));
            _reads = false; // retention has overtaken us: the log tells where it continues
        }
        var extent = await log.ExtentAsync(checkpoint.Source, cancellationToken);
        switch (LogStart.Of(checkpoint, extent))
        {
            case LogStart.GoOn(var after):
                _reads = checkpoint.At is not null;
                return (after, false, await ReadAsync(checkpoint, after, cancellationToken));
            case LogStart.Anew(var after):
                logger.BeginsAnew(checkpoint.Source, checkpoint.Position, extent!.Begin, after);
                return (after, true, await ReadAsync(checkpoint, after, cancellationToken));
            case LogStart.Refuse(var fault):
                throw new FaultException(fault);
            default:
                return null;
        }
    }

    /// <summary>The page after a position, to read the rest of a transaction that is larger than a page.</summary>
    /// <exception cref="FaultException">The log no longer holds it.</exception>
    public async Task<LogPage> ReadAsync(Checkpoint checkpoint, Position after, CancellationToken cancellationToken) =>
        Cut(checkpoint, after, (await log.ReadAsync(checkpoint.Source, after, limit, cancellationToken)).OrThrow());

    private static LogPage Cut(Checkpoint checkpoint, Position after, LogPage page) =>
        PageCut.AtTransaction(PageOrder.Behind(page, after), checkpoint.At);
}
