using Strangler.Projections.Mirror;
using Strangler.Projections.Rebuilding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// Creates the partitions of history, drops those that are older than the retention, and deletes what old builds and
/// old history leave behind.
/// </summary>
internal sealed class HistoryRetention(ApplierParts parts, OpenedStore opened)
{
    private readonly HistoryPartitions _partitions = new(parts.Store, opened.Tables);
    private readonly Sweep _sweep = new(opened.Tables);
    private bool _mayHaveOldBuilds = true;
    private DateTimeOffset _hour;

    /// <summary>
    /// Ensures that a partition exists for versions that end at <paramref name="now"/>, and drops old ones once an
    /// hour.
    /// </summary>
    public async Task PrepareAsync(Checkpoint checkpoint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (HistoryPartitions.StartOf(now) is var hour && hour != _hour)
            await DropAsync(checkpoint, cancellationToken);
        _hour = hour;
        if (!_partitions.IsMade(now))
            await _partitions.MakeAsync(checkpoint, now, cancellationToken);
    }

    /// <summary>
    /// Drops history that is older than the retention. Later steps delete the records that only say that something is
    /// gone.
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

    /// <summary>Deletes a chunk of the leftovers.</summary>
    /// <returns>False if nothing is left.</returns>
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
