using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;
using Strangler.CdcBridge.Events;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Several readers in one snapshot, each of which takes the next table that nobody reads. The rows of a table stay in
/// order; parts of different tables come as they are read, after the first part of the first table, because the
/// snapshot's first row is in it. One part waits to be taken, and each reader holds one more: a reader that is ahead
/// waits.
/// <para>
/// Only the first reader holds the locks of all tables, until the end. Who wants to alter a table waits for it, and any
/// other reader would wait behind them, for ever. So another reader gives up after a second, and the first one reads
/// that table in the end; and another reader that has nothing left to read ends its transaction, since a table that
/// only it has locked may be one that the first reader waits for.
/// </para>
/// </summary>
internal sealed class TableReaders(IReadOnlyList<TableReader> readers)
{
    /// <summary>
    /// Reads tables. If the caller stops taking the parts, or is cancelled, the readers have ended before that returns.
    /// Afterwards, only the first reader can read.
    /// </summary>
    /// <exception cref="SnapshotSupersededException">A table has been altered since the snapshot.</exception>
    /// <exception cref="NpgsqlException">The locks were lost in between.</exception>
    public async IAsyncEnumerable<TablePart> ReadAsync(
        IReadOnlyList<SnapshotTable> tables,
        ChangeSource at,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = Channel.CreateBounded<TablePart>(
            new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = readers.Count == 1 }
        );
        var (first, unread, left) = (
            readers[0],
            new ConcurrentQueue<SnapshotTable>(tables),
            new ConcurrentQueue<SnapshotTable>()
        );
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = EndAsync();
        try
        {
            await foreach (var part in parts.Reader.ReadAllAsync(cancellationToken))
                yield return part;
        }
        finally
        {
            await stop.CancelAsync();
            await ended;
        }

        async Task EndAsync()
        {
            await Task.WhenAll(
                readers.Select(reader =>
                    Task.Run(() => StopOnErrorAsync(() => WorkAsync(reader)), CancellationToken.None)
                )
            );
            await StopOnErrorAsync(async () =>
            {
                await ReadAllAsync(first, left);
                await first.CheckAsync(stop.Token);
            });
            // a reader that was stopped has left tables unread
            parts.Writer.TryComplete(stop.IsCancellationRequested ? new OperationCanceledException(stop.Token) : null);
        }

        async Task WorkAsync(TableReader reader)
        {
            try
            {
                if (reader != first)
                    await begun.Task.WaitAsync(stop.Token);
                await ReadAllAsync(reader, unread);
            }
            finally
            {
                if (reader == first)
                    begun.TrySetResult();
                else
                    await reader.DisposeAsync();
            }
        }

        async Task ReadAllAsync(TableReader reader, ConcurrentQueue<SnapshotTable> queue)
        {
            while (!stop.IsCancellationRequested && queue.TryDequeue(out var table))
            {
                var isBegun = false;
                try
                {
                    await reader.ReadAsync(table, at, DeliverAsync, stop.Token);
                }
                catch (PostgresException exception)
                    when (exception.SqlState == PostgresErrorCodes.LockNotAvailable && reader != first && !isBegun)
                {
                    left.Enqueue(table);
                    return; // its transaction has ended
                }

                async ValueTask DeliverAsync(TablePart part)
                {
                    isBegun = true;
                    await parts.Writer.WriteAsync(part, stop.Token);
                    begun.TrySetResult();
                }
            }
        }

        // Only the first error is one: the others are what it does to the other readers.
        async Task StopOnErrorAsync(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception exception)
            {
                parts.Writer.TryComplete(exception);
                await stop.CancelAsync();
            }
        }
    }
}
