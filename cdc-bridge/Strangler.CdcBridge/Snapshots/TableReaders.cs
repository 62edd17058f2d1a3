using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;
using Strangler.CdcBridge.Events;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Several readers in one snapshot, each of which takes the next table that nobody reads. The rows of a table stay in
/// order; parts of different tables come as they are read. At most one part a reader waits for whoever takes them: a
/// reader that is ahead waits. Only the first reader holds the tables' locks. Who wants to alter a table waits for it,
/// and any other reader would wait behind them, for ever: so another reader gives up after a second, and the first one
/// reads that table in the end.
/// </summary>
internal sealed class TableReaders(IReadOnlyList<TableReader> readers)
{
    /// <summary>
    /// Reads tables. Whoever stops taking the parts, or is cancelled, ends the readers before that returns.
    /// </summary>
    /// <exception cref="SnapshotSupersededException">A table has been altered since the snapshot.</exception>
    public async IAsyncEnumerable<TablePart> ReadAsync(
        IReadOnlyList<SnapshotTable> tables,
        ChangeSource at,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = Channel.CreateBounded<TablePart>(
            new BoundedChannelOptions(readers.Count) { SingleReader = true, SingleWriter = readers.Count == 1 }
        );
        var (next, left) = (-1, new ConcurrentQueue<SnapshotTable>());
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

        // Only the first error is one: the others are what it does to the other readers.
        async Task EndAsync()
        {
            await Task.WhenAll(
                readers.Select(reader => Task.Run(() => WorkAsync(reader, Next), CancellationToken.None))
            );
            await WorkAsync(readers[0], () => left.TryDequeue(out var table) ? table : null);
            // a reader that was stopped has left tables unread
            parts.Writer.TryComplete(stop.IsCancellationRequested ? new OperationCanceledException(stop.Token) : null);
        }

        SnapshotTable? Next() =>
            Interlocked.Increment(ref next) is var index && index < tables.Count ? tables[index] : null;

        async Task WorkAsync(TableReader reader, Func<SnapshotTable?> take)
        {
            try
            {
                while (!stop.IsCancellationRequested && take() is { } table)
                {
                    try
                    {
                        await reader.ReadAsync(
                            table,
                            at,
                            part => parts.Writer.WriteAsync(part, stop.Token),
                            stop.Token
                        );
                    }
                    catch (PostgresException exception)
                        when (exception.SqlState == PostgresErrorCodes.LockNotAvailable && reader != readers[0])
                    {
                        left.Enqueue(table);
                        return; // its transaction has ended
                    }
                }
            }
            catch (Exception exception)
            {
                parts.Writer.TryComplete(exception);
                await stop.CancelAsync();
            }
        }
    }
}
