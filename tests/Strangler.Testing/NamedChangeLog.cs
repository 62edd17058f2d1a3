using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.Testing;

/// <summary>
/// A log whose sources and topics have a test's own names on the broker, while the test calls them as all tests do.
/// </summary>
public sealed class NamedChangeLog(IChangeLog inner, string name) : WrappedChangeLog(inner), ITransactionIndex
{
    public override async Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        new Appender(await base.OpenAppenderAsync(Of(source), cancellationToken), name);

    public override Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
        base.ExtentAsync(Of(source), cancellationToken);

    public override async Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    ) =>
        await base.ReadAsync(Of(source), after, limit, cancellationToken) switch
        {
            LogRead<LogPage>.Found(var page) => page with
            {
                Records = [.. page.Records.Select(record => record with { Topic = record.Topic[(name.Length + 1)..] })],
            },
            var dropped => dropped,
        };

    public override Task WaitAsync(
        string source,
        Position after,
        TimeSpan timeout,
        CancellationToken cancellationToken
    ) => base.WaitAsync(Of(source), after, timeout, cancellationToken);

    public override Task<LogRead<Position>> SeekAsync(
        string source,
        DateTimeOffset time,
        CancellationToken cancellationToken
    ) => base.SeekAsync(Of(source), time, cancellationToken);

    public Task<LogRead<Position?>> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    ) => ((ITransactionIndex)Inner).FirstUnseenAsync(Of(source), floor, xmax, running, until, cancellationToken);

    public Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) => ((ITransactionIndex)Inner).TransactionsAsync(Of(source), from, through, limit, cancellationToken);

    private string Of(string source) => $"{name}.{source}";

    private sealed class Appender(ILogAppender inner, string name) : ILogAppender
    {
        public Position? End => inner.End;

        public byte[]? Offset => inner.Offset;

        public Task AppendAsync(LogAppend append, CancellationToken cancellationToken) =>
            inner.AppendAsync(
                append with
                {
                    Records = [.. append.Records.Select(record => record with { Topic = $"{name}.{record.Topic}" })],
                },
                cancellationToken
            );

        public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
            inner.KeepUnfinishedAsync(cancellationToken);

        public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
            inner.DiscardUnfinishedAsync(offset, cancellationToken);

        public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
            Position from,
            Position through,
            int limit,
            CancellationToken cancellationToken
        ) => inner.TransactionsAsync(from, through, limit, cancellationToken);

        public Task VerifiedAsync(string server, CancellationToken cancellationToken) =>
            inner.VerifiedAsync(server, cancellationToken);

        public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
            inner.RetainAsync(retention, cancellationToken);

        public Fault? Undeleted => inner.Undeleted;

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
