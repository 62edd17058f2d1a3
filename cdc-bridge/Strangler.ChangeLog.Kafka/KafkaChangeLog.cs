using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Appending;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Reading;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka;

/// <summary>
/// The change log on Kafka: the records are in the topics that Debezium would write, and a control topic for each
/// source says which of them belong to the log, and in which order. Thread-safe.
/// </summary>
/// <param name="options">Where the broker is and how the log uses it.</param>
/// <param name="keeping">How long the log keeps its records, in the same words as the embedded log.</param>
/// <param name="time">The clock for the age of segments and for timeouts of readers.</param>
/// <exception cref="FaultException">Properties that can't be used.</exception>
public sealed class KafkaChangeLog(KafkaLogOptions options, EmbeddedLogOptions keeping, TimeProvider time)
    : IChangeLog,
        ITransactionIndex,
        IAsyncDisposable
{
    private readonly KafkaLogParts _parts = new(options);

    /// <inheritdoc/>
    public async Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        await OpenAppenderAsync(source, above: 0, cancellationToken);

    /// <inheritdoc cref="OpenAppenderAsync(string, CancellationToken)"/>
    /// <param name="source">The source.</param>
    /// <param name="above">Its token is greater than this one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal Task<KafkaAppender> OpenAppenderAsync(string source, long above, CancellationToken cancellationToken) =>
        KafkaAppender.OpenAsync(_parts, source, keeping, time, above, cancellationToken);

    /// <inheritdoc/>
    public async Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
        await _parts.Follower.FindAsync(source, cancellationToken) is { } followed
            ? (await _parts.Follower.NowAsync(followed, cancellationToken)).State.Extent
            : null;

    /// <inheritdoc/>
    public async Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    )
    {
        if (await _parts.Follower.FindAsync(source, cancellationToken) is not { } followed)
            return after > Position.Start ? LogFault.EndsBefore(source, after, null) : new LogPage([], after, default);
        for (var isAgain = false; ; isAgain = true)
        {
            var point = await _parts.Follower.NowAsync(followed, cancellationToken);
            var (begin, end) = (point.State.Source.Begin, point.State.End);
            if (after < begin)
                return LogFault.Dropped(source, after, begin);
            if (after > (end ?? Position.Start))
                return LogFault.EndsBefore(source, after, end);
            if (end is null || end == after)
                return new LogPage([], after, point.State.Source.EndAt ?? default);
            try
            {
                return await _parts.Readers.CursorAsync(
                    source,
                    point.State.Log,
                    after,
                    cursor => cursor.Read(point, limit, cancellationToken),
                    cancellationToken
                );
            }
            catch (LostRecordsException exception)
            {
                // Retention may have moved the beginning in the meantime: it says more than that a record is gone.
                if (isAgain)
                    return exception.Fault;
            }
        }
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (true)
            {
                if (await _parts.Follower.FindAsync(source, either.Token) is not { } followed)
                {
                    await Task.Delay(keeping.WaitPoll, time, either.Token);
                    continue;
                }
                var (end, moved) = followed.Heard;
                if (end > after)
                    return;
                await moved.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time is up, which is one of the two ways to return.
        }
    }

    /// <inheritdoc/>
    public Task<LogRead<Position>> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken) =>
        _parts.FindAsync(source, (reader, token) => reader.Last(time, token), cancellationToken);

    /// <inheritdoc/>
    public Task<LogRead<Position?>> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    ) =>
        _parts.FindAsync(
            source,
            (reader, token) => reader.FirstUnseen(floor, xmax, running, until, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) => _parts.FindAsync(source, (reader, token) => reader.Between(from, through, limit, token), cancellationToken);

    /// <summary>Closes the clients. Appenders are disposed separately.</summary>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
