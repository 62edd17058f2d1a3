using Strangler.Projections.Rebuilding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>Computes documents that change by themselves, once they are due.</summary>
internal sealed class DueStep(ApplierParts parts, OpenedStore opened, KeyComputer computer)
{
    /// <summary>When the next document changes by itself; null if none does.</summary>
    public DateTimeOffset? Next { get; private set; }

    /// <summary>Reads when the next document changes by itself.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var session = await StoreSession.BeginAsync(parts.Store, cancellationToken);
        Next = await new DocumentStore(session).NextDueAsync(opened.LiveBuilds(), cancellationToken);
    }

    /// <returns>How many keys were computed.</returns>
    public async Task<int> ComputeAsync(Checkpoint checkpoint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Next is not { } next || next > now)
            return 0;
        await using var session = await StoreSession.BeginAsync(parts.Store, cancellationToken);
        await checkpoint.HoldAsync(session, cancellationToken);
        var due = await new DocumentStore(session).DueAsync(
            opened.LiveBuilds(),
            now,
            parts.Options.KeysAtATime,
            cancellationToken
        );
        foreach (var group in due.GroupBy(one => one.Build))
        {
            string[] keys = [.. group.Select(one => one.Key)];
            // Computing a key here removes it from the queue, so the commit that queued it counts as the one that
            // touched it.
            var touched = await new DirtyStore(session).TouchedAsync(group.Key, keys, cancellationToken);
            await computer.ComputeAsync(
                session,
                opened.Projections.Single(one => one.Build == group.Key),
                keys,
                touched,
                checkpoint.Position,
                now,
                cancellationToken
            );
        }
        if (due.Count > 0)
            await session.CommitAsync(cancellationToken);
        return due.Count;
    }
}
