using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// The log, with its failures marked as the store's: the same error from the source means something else, and has
/// another way out.
/// </summary>
internal sealed class StoreLog(IChangeLog log) : IChangeLog
{
    public async Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        new Appender(await OfStoreAsync(log.OpenAppenderAsync(source, cancellationToken)));

    public Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
        OfStoreAsync(log.ExtentAsync(source, cancellationToken));

    public Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    ) => OfStoreAsync(log.ReadAsync(source, after, limit, cancellationToken));

    public Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken) =>
        OfStoreAsync(log.WaitAsync(source, after, timeout, cancellationToken));

    public Task<LogRead<Position>> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken) =>
        OfStoreAsync(log.SeekAsync(source, time, cancellationToken));

    private static async Task<T> OfStoreAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            throw new StoreException(exception);
        }
    }

    private static async Task OfStoreAsync(Task work)
    {
        await OfStoreAsync(AnswerAsync());

        async Task<int> AnswerAsync()
        {
            await work;
            return 0;
        }
    }

    private sealed class Appender(ILogAppender appender) : ILogAppender
    {
        public Position? End => appender.End;

        public byte[]? Offset => appender.Offset;

        public Task AppendAsync(LogAppend append, CancellationToken cancellationToken) =>
            OfStoreAsync(appender.AppendAsync(append, cancellationToken));

        public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
            OfStoreAsync(appender.KeepUnfinishedAsync(cancellationToken));

        public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
            OfStoreAsync(appender.DiscardUnfinishedAsync(offset, cancellationToken));

        public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
            Position from,
            Position through,
            int limit,
            CancellationToken cancellationToken
        ) => OfStoreAsync(appender.TransactionsAsync(from, through, limit, cancellationToken));

        public Task VerifiedAsync(string server, CancellationToken cancellationToken) =>
            OfStoreAsync(appender.VerifiedAsync(server, cancellationToken));

        public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
            OfStoreAsync(appender.RetainAsync(retention, cancellationToken));

        public Fault? Undeleted => appender.Undeleted;

        public ValueTask DisposeAsync() => appender.DisposeAsync();
    }
}
