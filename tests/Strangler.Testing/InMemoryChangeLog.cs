using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;

namespace Strangler.Testing;

/// <summary>The change log in memory: the same contract as the others, for tests of its readers and writers.</summary>
public sealed class InMemoryChangeLog(TimeProvider time, EmbeddedLogOptions? options = null)
    : IChangeLog,
        ITransactionIndex
{
    private readonly Lock _lock = new();
    private readonly EmbeddedLogOptions _options = options ?? new EmbeddedLogOptions();
    private readonly Dictionary<string, InMemorySource> _sources = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(source, out var held))
                _sources[source] = held = new InMemorySource(source, _options, time);
            return Task.FromResult<ILogAppender>(new Appender(this, held, held.TakeOver()));
        }
    }

    public Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_sources.GetValueOrDefault(source)?.Extent());
    }

    public Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
            return Task.FromResult(
                (_sources.GetValueOrDefault(source) ?? new InMemorySource(source, _options, time)).Read(after, limit)
            );
    }

    public async Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_sources.GetValueOrDefault(source)?.End > after)
                    return;
                moved = _moved.Task;
            }
            try
            {
                await moved.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public Task<LogRead<Position>> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(
                (_sources.GetValueOrDefault(source) ?? new InMemorySource(source, _options, TimeProvider.System)).Seek(
                    time
                )
            );
    }

    public Task<LogRead<Position?>> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
            return Task.FromResult(
                _sources.GetValueOrDefault(source)?.FirstUnseen(floor, xmax, running, until)
                    ?? new LogRead<Position?>.Found(null)
            );
    }

    public Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
            return Task.FromResult<LogRead<IReadOnlyList<LogTransaction>>>(
                new LogRead<IReadOnlyList<LogTransaction>>.Found(
                    _sources.GetValueOrDefault(source)?.TransactionsBetween(from, through, limit) ?? []
                )
            );
    }

    private sealed class Appender(InMemoryChangeLog log, InMemorySource source, long token) : ILogAppender
    {
        public Position? End
        {
            get
            {
                lock (log._lock)
                    return source.End;
            }
        }

        public Fault? Undeleted => null;

        public byte[]? Offset
        {
            get
            {
                lock (log._lock)
                    return source.Offset;
            }
        }

        public Task AppendAsync(LogAppend append, CancellationToken cancellationToken)
        {
            lock (log._lock)
            {
                source.Append(token, append);
                log._moved.SetResult();
                log._moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            return Task.CompletedTask;
        }

        public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken)
        {
            lock (log._lock)
                return Task.FromResult(source.Keep(token));
        }

        public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken)
        {
            lock (log._lock)
                source.Discard(token, offset);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
            Position from,
            Position through,
            int limit,
            CancellationToken cancellationToken
        )
        {
            lock (log._lock)
                return Task.FromResult(source.TransactionsBetween(from, through, limit));
        }

        public Task VerifiedAsync(string server, CancellationToken cancellationToken)
        {
            lock (log._lock)
                source.Trust(token, server);
            return Task.CompletedTask;
        }

        public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken)
        {
            lock (log._lock)
                return Task.FromResult(source.Retain(token, retention));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
