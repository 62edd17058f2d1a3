using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// A log whose appender fails once, after an append that it has stored: the bridge ends as if it had been killed there.
/// </summary>
internal sealed class EndingLog(IChangeLog log) : WrappedChangeLog(log)
{
    private Func<LogAppend, bool>? _ends;
    private (Func<LogAppend, bool> Append, Func<Task> Until)? _holds;

    private Func<Task>? _comparison;

    /// <summary>What the log was last told to keep whatever its age.</summary>
    public Position? Kept { get; set; }

    /// <summary>The largest append so far.</summary>
    public int LargestAppend { get; private set; }

    /// <summary>Appends that ended within a transaction.</summary>
    public int Chunks { get; private set; }

    /// <summary>Makes the appender wait, once, after an append that it has stored.</summary>
    public void HoldBehind(Func<LogAppend, bool> append, Func<Task> until) => _holds = (append, until);

    /// <summary>Called before the log is trusted.</summary>
    public Action? Verified { get; set; }

    /// <summary>Makes the appender fail, once, instead of removing the unfinished records.</summary>
    public bool EndsBeforeDiscard { get; set; }

    /// <summary>Makes the comparison of histories wait, once, before the log's side is known.</summary>
    public void HoldComparison(Func<Task> until) => _comparison = until;

    public void EndBehind(Func<LogAppend, bool> append) => _ends = append;

    public override async Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        new Appender(this, await Inner.OpenAppenderAsync(source, cancellationToken));

    private sealed class Appender(EndingLog owner, ILogAppender appender) : ILogAppender
    {
        public Position? End => appender.End;

        public byte[]? Offset => appender.Offset;

        public Fault? Undeleted => appender.Undeleted;

        public async Task AppendAsync(LogAppend append, CancellationToken cancellationToken)
        {
            await appender.AppendAsync(append, cancellationToken);
            owner.LargestAppend = Math.Max(owner.LargestAppend, append.Records.Count);
            if (append.Through is null)
                owner.Chunks++;
            if (owner._holds is { } hold && hold.Append(append))
            {
                owner._holds = null;
                await hold.Until();
            }
            if (owner._ends?.Invoke(append) is not true)
                return;
            owner._ends = null;
            throw new InvalidOperationException("The test ends the bridge here.");
        }

        public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
            appender.KeepUnfinishedAsync(cancellationToken);

        public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken)
        {
            if (!owner.EndsBeforeDiscard)
                return appender.DiscardUnfinishedAsync(offset, cancellationToken);
            owner.EndsBeforeDiscard = false;
            throw new InvalidOperationException("The test ends the bridge here.");
        }

        public async Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
            Position from,
            Position through,
            int limit,
            CancellationToken cancellationToken
        )
        {
            if (Interlocked.Exchange(ref owner._comparison, null) is { } until)
                await until();
            return await appender.TransactionsAsync(from, through, limit, cancellationToken);
        }

        public Task VerifiedAsync(string server, CancellationToken cancellationToken)
        {
            owner.Verified?.Invoke();
            return appender.VerifiedAsync(server, cancellationToken);
        }

        public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken)
        {
            owner.Kept = retention.Kept;
            return appender.RetainAsync(retention, cancellationToken);
        }

        public ValueTask DisposeAsync() => appender.DisposeAsync();
    }
}
