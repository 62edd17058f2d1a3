using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>An appender of which everything that is stored is counted, of the stream and of snapshots alike.</summary>
internal sealed class MeteredAppender(ILogAppender appender, BridgeMetrics metrics, TimeProvider time) : ILogAppender
{
    public Position? End => appender.End;

    public byte[]? Offset => appender.Offset;

    public Fault? Undeleted => appender.Undeleted;

    public async Task AppendAsync(LogAppend append, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await appender.AppendAsync(append, cancellationToken);
        metrics.Appended(append, time.GetElapsedTime(began));
    }

    public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
        appender.KeepUnfinishedAsync(cancellationToken);

    public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
        appender.DiscardUnfinishedAsync(offset, cancellationToken);

    public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) => appender.TransactionsAsync(from, through, limit, cancellationToken);

    public Task VerifiedAsync(string server, CancellationToken cancellationToken) =>
        appender.VerifiedAsync(server, cancellationToken);

    public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
        appender.RetainAsync(retention, cancellationToken);

    public ValueTask DisposeAsync() => appender.DisposeAsync();
}
