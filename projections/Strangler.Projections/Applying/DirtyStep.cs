using Strangler.Projections.Rebuilding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>Computes keys that wait in the queue of dirty keys, a chunk at a time.</summary>
internal sealed class DirtyStep(ApplierParts parts, OpenedStore opened, KeyComputer computer)
{
    /// <summary>
    /// Computes the next chunk of the queue, for the first projection that has one: one projection's empty queue must
    /// not delay the others.
    /// </summary>
    /// <returns>How many keys were computed.</returns>
    public async Task<int> ComputeAsync(Checkpoint checkpoint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var projection in opened.Projections)
        {
            if (projection is not { Live: true, MayBeDirty: true })
                continue;
            await using var session = await StoreSession.BeginAsync(parts.Store, cancellationToken);
            await checkpoint.HoldAsync(session, cancellationToken);
            var keys = (
                await new DirtyStore(session).NextAsync(projection.Build, parts.Options.KeysAtATime, cancellationToken)
            ).ToDictionary(StringComparer.Ordinal);
            projection.MayBeDirty = keys.Count > 0;
            if (keys.Count == 0)
                continue;
            await computer.ComputeAsync(
                session,
                projection,
                keys.Keys,
                keys,
                checkpoint.Position,
                now,
                cancellationToken
            );
            await session.CommitAsync(cancellationToken);
            return keys.Count;
        }
        return 0;
    }
}
