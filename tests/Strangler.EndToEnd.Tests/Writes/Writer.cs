using Npgsql;
using Strangler.EndToEnd.Tests.Harness;

namespace Strangler.EndToEnd.Tests.Writes;

/// <summary>
/// Writes random transactions one after the other in the background until it is stopped. It waits for an unavailable
/// server.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private long _written;

    private readonly TimeSpan _pause;

    /// <param name="source">The legacy database.</param>
    /// <param name="transactions">The transactions to write.</param>
    /// <param name="pause">
    /// The pause between two transactions: a test that needs time for something else writes no more than it has to.
    /// None by default.
    /// </param>
    public Writer(NpgsqlDataSource source, RandomTransactions transactions, TimeSpan pause = default)
    {
        (Transactions, _pause) = (transactions, pause);
        _writing = Task.Run(() => WriteAsync(source));
    }

    public RandomTransactions Transactions { get; }

    /// <summary>Waits until this many more transactions have been written.</summary>
    public Task WroteAsync(int more, CancellationToken cancellationToken)
    {
        var target = Interlocked.Read(ref _written) + more;
        return Until.TrueAsync(
            () =>
                _writing.IsFaulted
                    ? Task.FromException<bool>(_writing.Exception!)
                    : Task.FromResult(Interlocked.Read(ref _written) >= target),
            () => $"{target} transactions were not written.",
            cancellationToken
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    private async Task WriteAsync(NpgsqlDataSource source)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Transactions.RunAsync(source, CancellationToken.None);
                Interlocked.Increment(ref _written);
                if (_pause > TimeSpan.Zero)
                    await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
            }
            catch (NpgsqlException exception)
                when (exception is not PostgresException { SqlState: [var first, ..] } || first is '5' or '0')
            {
                // 57P01, 57P03, 08…: the server restarts. What it had committed is found by reading.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
            catch (PostgresException exception)
                when (exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
            {
                // Two random keys collided, or the bridge locked the tables in another order: the transaction was
                // rolled back completely, which is one more thing that must leave no trace.
            }
        }
    }
}
