using Strangler.ChangeLog;
using Strangler.Testing;

namespace Strangler.Projections.Tests.Applying;

/// <summary>A log whose reads sometimes fail, also in the middle of a transaction that is read page by page.</summary>
internal sealed class FlakyLog(IChangeLog log, Func<bool> fails) : WrappedChangeLog(log)
{
    public override Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    ) =>
        fails()
            ? throw new IOException("The log does not answer.")
            : Inner.ReadAsync(source, after, limit, cancellationToken);
}
