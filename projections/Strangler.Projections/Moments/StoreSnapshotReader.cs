using System.Runtime.CompilerServices;
using Npgsql;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// Reads the store's state for concurrent callers: while one read is in progress, all new callers share the next one,
/// so that many questions cost few round trips. Safe for any number of threads; bounded by the number of callers.
/// </summary>
internal sealed class StoreSnapshotReader(NpgsqlDataSource store)
{
    private readonly ConditionalWeakTable<BoundProjection, SnapshotQueue> _lines = [];

    /// <returns>A snapshot that is read after the call begins and contains the keys, perhaps among others.</returns>
    public Task<StoreSnapshot> TakeAsync(
        string source,
        BoundProjection projection,
        IReadOnlyCollection<string> keys,
        CancellationToken cancellationToken
    )
    {
        var line = _lines.GetOrCreateValue(projection);
        SnapshotBatch next;
        var isFirst = false;
        lock (line)
        {
            isFirst = line.Next is null;
            next = line.Next ??= new SnapshotBatch();
            next.Keys.UnionWith(keys);
        }
        if (isFirst)
            _ = LookAsync(line, next, source, projection);
        return next.Found.Task.WaitAsync(cancellationToken);
    }

    // Not cancelled by any single caller that waits for it. It never throws itself: its callers get the failure.
    private async Task LookAsync(SnapshotQueue line, SnapshotBatch next, string source, BoundProjection projection)
    {
        await line.Semaphore.WaitAsync(CancellationToken.None);
        try
        {
            lock (line)
                line.Next = null; // from here on no caller joins
            await using var session = await StoreSession.BeginAsync(store, repeatable: true, CancellationToken.None);
            next.Found.SetResult(
                await StoreSnapshot.ReadAsync(session, source, projection, next.Keys, CancellationToken.None)
            );
        }
        catch (Exception exception)
        {
            next.Found.TrySetException(exception);
        }
        finally
        {
            line.Semaphore.Release();
        }
    }

    /// <summary>The callers for one projection. Also the object to lock.</summary>
    private sealed class SnapshotQueue
    {
        public SemaphoreSlim Semaphore { get; } = new(1);

        public SnapshotBatch? Next { get; set; }
    }

    /// <summary>The next read.</summary>
    private sealed class SnapshotBatch
    {
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource<StoreSnapshot> Found { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
