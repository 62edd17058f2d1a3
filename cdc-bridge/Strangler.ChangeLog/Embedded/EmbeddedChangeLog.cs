using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// The change log in tables of the store (schema <c>log</c>). It takes a connection of <paramref name="store"/> for
/// each call, and keeps one from the first <see cref="WaitAsync"/> on, over which the server notifies it that the log
/// has moved. Thread-safe.
/// </summary>
/// <param name="store">The store, migrated to <see cref="EmbeddedLogSchema"/>.</param>
/// <param name="options">How the log keeps its records.</param>
/// <param name="time">The clock for the age of segments and for timeouts.</param>
public sealed class EmbeddedChangeLog(NpgsqlDataSource store, EmbeddedLogOptions options, TimeProvider time)
    : IChangeLog,
        ITransactionIndex,
        IAsyncDisposable
{
    /// <summary>
    /// An SQL expression on the store for which <c>{0}</c> is a source and <c>{1}</c> an epoch. Its value is the
    /// comparison with the source after which positions of that epoch may be answered from, as <c>appender/server</c>
    /// (<see cref="ILogAppender.VerifiedAsync"/>). Null: the source may have another history, and nothing may be
    /// answered. For callers that answer from the same store in one statement.
    /// </summary>
    public static string VerificationSql =>
        "(select t.appender || '/' || t.server from log.trust t where t.source = {0} and t.epoch <= {1})";

    private readonly EmbeddedLogReader _reading = new(store);
    private readonly FirstUnseenQuery _unseen = new(store);
    private readonly TransactionQuery _transactions = new(store);
    private readonly EndListener _listener = new(store, time);
    private volatile bool _isChecked;

    /// <inheritdoc/>
    public async Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken)
    {
        await CheckSchemaAsync(cancellationToken);
        return await EmbeddedAppender.OpenAsync(store, source, options, time, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken)
    {
        await CheckSchemaAsync(cancellationToken);
        return await _reading.ExtentAsync(source, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    )
    {
        await CheckSchemaAsync(cancellationToken);
        return await _reading.PageAsync(source, after, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await CheckSchemaAsync(cancellationToken);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var mustLook = true;
            while (true)
            {
                // The order matters: an append after the check completes the signal that was taken before the check.
                var moved = _listener.Next(source);
                if (_listener.Known(source) > after)
                    return;
                if (mustLook && await _reading.EndAsync(source, either.Token) > after)
                    return;
                try
                {
                    mustLook = await moved.WaitAsync(options.WaitPoll, time, either.Token);
                }
                catch (TimeoutException)
                {
                    mustLook = true;
                }
            }
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time is up, which is one of the two ways to return.
        }
    }

    /// <inheritdoc/>
    public async Task<LogRead<Position>> SeekAsync(
        string source,
        DateTimeOffset time,
        CancellationToken cancellationToken
    )
    {
        await CheckSchemaAsync(cancellationToken);
        return await _reading.SeekAsync(source, time, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LogRead<Position?>> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    )
    {
        await CheckSchemaAsync(cancellationToken);
        return await _unseen.FirstAsync(source, floor, xmax, running, until, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await CheckSchemaAsync(cancellationToken);
        return new LogRead<IReadOnlyList<LogTransaction>>.Found(
            await _transactions.ReadAsync(source, from, through, limit, cancellationToken)
        );
    }

    /// <summary>Closes the listening connection. Appenders are disposed separately.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    /// <exception cref="FaultException">The store isn't migrated.</exception>
    internal async Task CheckSchemaAsync(CancellationToken cancellationToken)
    {
        if (_isChecked)
            return;
        if (await StoreMigration.FaultAsync(store, EmbeddedLogSchema.Value, cancellationToken) is { } fault)
            throw new FaultException(fault);
        _isChecked = true;
    }
}
