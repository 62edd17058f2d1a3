using Strangler.Projections.Mirror;
using Strangler.Projections.Rebuilding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// Makes the partitions of history, drops those that are older than what is kept, and deletes what old builds and old
/// history leave behind.
/// </summary>
internal sealed class HistoryRetention(ApplierParts parts, OpenedStore opened)
{
    private readonly HistoryPartitions _partitions = new(parts.Store, opened.Tables);
    private readonly Sweep _sweep = new(opened.Tables);
    private bool _mayHaveOldBuilds = true;
    private DateTimeOffset _hour;

    /// <summary>Versions that end at <paramref name="now"/> have a place; once an hour, old ones are dropped.</summary>
    public async Task PrepareAsync(Checkpoint checkpoint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (HistoryPartitions.StartOf(now) is var hour && hour != _hour)
            await DropAsync(checkpoint, cancellationToken);
        _hour = hour;
        if (!_partitions.IsMade(now))
            await _partitions.MakeAsync(checkpoint, now, cancellationToken);
    }

    /// <summary>
    /// Drops history that is older than what is kept; what says only that something is gone follows it, in later steps.
    /// </summary>
    /// <returns>How many partitions were dropped.</returns>
    public async Task<int> DropAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var dropped = await _partitions.DropAsync(
            checkpoint,
            parts.Time.GetUtcNow() - parts.Options.HistoryRetention,
            cancellationToken
        );
        if (dropped > 0)
            _sweep.Begin(opened.LiveBuilds());
        return dropped;
    }

    /// <summary>Deletes a chunk of what is left behind.</summary>
    /// <returns>False: nothing is left.</returns>
    public async Task<bool> CleanAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        if (!_mayHaveOldBuilds && !_sweep.IsUnderWay)
            return false;
        await using var session = await StoreSession.BeginAsync(parts.Store, cancellationToken);
        await checkpoint.HoldAsync(session, cancellationToken);
        if (_mayHaveOldBuilds)
            _mayHaveOldBuilds = await new BuildStore(session, checkpoint.Source).CleanAsync(cancellationToken);
        else
            await _sweep.NextAsync(session, checkpoint.Source, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }
}
