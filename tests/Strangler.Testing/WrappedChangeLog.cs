using Strangler.ChangeLog;

namespace Strangler.Testing;

/// <summary>Passes everything on to another log; a test overrides the members that it is about.</summary>
public abstract class WrappedChangeLog(IChangeLog inner) : IChangeLog
{
    protected IChangeLog Inner => inner;

    public virtual Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        inner.OpenAppenderAsync(source, cancellationToken);

    public virtual Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
        inner.ExtentAsync(source, cancellationToken);

    public virtual Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    ) => inner.ReadAsync(source, after, limit, cancellationToken);

    public virtual Task WaitAsync(
        string source,
        Position after,
        TimeSpan timeout,
        CancellationToken cancellationToken
    ) => inner.WaitAsync(source, after, timeout, cancellationToken);

    public virtual Task<LogRead<Position>> SeekAsync(
        string source,
        DateTimeOffset time,
        CancellationToken cancellationToken
    ) => inner.SeekAsync(source, time, cancellationToken);
}
