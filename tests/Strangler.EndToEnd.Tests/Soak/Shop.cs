using Npgsql;
using Xunit;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// The legacy database and everything that changes it, one change at a time, each recorded with what is right after it.
/// </summary>
internal sealed class Shop(NpgsqlDataSource source, Timeline timeline, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    private readonly long _began = time.GetTimestamp();
    private readonly SemaphoreSlim _changes = new(1);
    private long _written;

    /// <summary>The time since the soak began, by one clock for everything that is recorded.</summary>
    public TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>How many transactions have been committed.</summary>
    public long Written => Interlocked.Read(ref _written);

    public NpgsqlDataSource Source => source;

    /// <summary>Executes a fault's statements, each in its own transaction unless they begin one.</summary>
    /// <param name="sql">The statements.</param>
    /// <param name="silent">Whether they change something without a row event.</param>
    public Task ExecuteAsync(string sql, bool silent, CancellationToken cancellationToken) =>
        ChangeAsync(() => RunAsync(sql, cancellationToken), silent, cancellationToken);

    /// <summary>Executes one of the writer's transactions. One that the server refuses changes nothing.</summary>
    public Task WriteAsync(string sql, CancellationToken cancellationToken) =>
        ChangeAsync(
            async () =>
            {
                try
                {
                    await RunAsync(sql, cancellationToken);
                    Interlocked.Increment(ref _written);
                }
                catch (NpgsqlException)
                {
                    // Two random keys collided, or a table or the server is unavailable: the content is read
                    // afterwards.
                }
            },
            silent: false,
            cancellationToken
        );

    /// <summary>Makes any change, while no other is made.</summary>
    public async Task ChangeAsync(Func<Task> change, bool silent, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var before = Now;
            try
            {
                await change();
            }
            finally
            {
                var bodies = await ReadAsync(cancellationToken);
                timeline.Record(before, Now, bodies, silent);
            }
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Records that nothing has changed until now, unless a change is being made.</summary>
    public void Reach()
    {
        if (!_changes.Wait(0))
            return;
        timeline.Reach(Now);
        _changes.Release();
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public void Dispose() => _changes.Dispose();

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Null: the tables aren't as declared. Waits for an unavailable server.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> ReadAsync(CancellationToken cancellationToken)
    {
        var began = Now;
        while (true)
        {
            try
            {
                return await ShopTables.ReadAsync(source, null, ReadLimit, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState.StartsWith("42", StringComparison.Ordinal))
            {
                return null; // undefined table, undefined column, another type
            }
            catch (NpgsqlException exception)
            {
                if (Now - began > ReadLimit)
                    Assert.Fail($"The source can't be read: {exception.Message}");
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }
}
