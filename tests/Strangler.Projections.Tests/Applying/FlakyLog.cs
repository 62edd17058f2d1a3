using Strangler.ChangeLog;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// A log whose reads fail now and then, also in the middle of a transaction that is read page by page.
/// </summary>
internal sealed class FlakyLog(IChangeLog log, Func<bool> fails) : IChangeLog
{
    public Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        log.OpenAppenderAsync(source, cancellationToken);

    public Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
        log.ExtentAsync(source, cancellationToken);

    public Task<LogPage> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    ) =>
        fails()
            ? throw new IOException("The log does not answer.")
            : log.ReadAsync(source, after, limit, cancellationToken);

    public Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken) =>
        log.WaitAsync(source, after, timeout, cancellationToken);

    public Task<Position> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken) =>
        log.SeekAsync(source, time, cancellationToken);

    public Task<Position?> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    ) => log.FirstUnseenAsync(source, floor, xmax, running, until, cancellationToken);
}
