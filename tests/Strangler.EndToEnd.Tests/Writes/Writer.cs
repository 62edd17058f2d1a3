using Npgsql;
using Strangler.EndToEnd.Tests.Harness;

namespace Strangler.EndToEnd.Tests.Writes;

/// <summary>
/// Writes random transactions one after the other in the background until it is told to stop. A server that goes away
/// is waited for.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private long _written;

    private readonly TimeSpan _pause;

    /// <param name="source">The legacy database.</param>
    /// <param name="transactions">What is written.</param>
    /// <param name="pause">
    /// Between two transactions: a test that needs time for something else writes no more than it has to. None where it
    /// is left out.
    /// </param>
    public Writer(NpgsqlDataSource source, RandomTransactions transactions, TimeSpan pause = default)
    {
        (Transactions, _pause) = (transactions, pause);
        _writing = Task.Run(() => WriteAsync(source));
    }

    public RandomTransactions Transactions { get; }

    /// <summary>Waits until so many more transactions have been written.</summary>
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
                // 57P01, 57P03, 08…: the server is restarted under way. What it had committed is seen by reading.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                // Two random keys met: the transaction was rolled back whole, which is one more thing that must leave
                // no trace.
            }
        }
    }
}
