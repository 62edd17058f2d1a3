using Strangler.ChangeLog;
using Strangler.Projections.Tests.Applying;
using Strangler.Projections.Tests.Mapping;

namespace Strangler.Projections.Tests.Moments;

/// <summary>
/// Simulates PostgreSQL's snapshots. A transaction takes its id when it begins to write, which isn't the order of
/// commits. Its commit is written, and from then on logged; some time later others see it. Only then does it leave the
/// transactions in progress, and only then can it be the completed one that determines xmax. The simulation records the
/// truth: which transactions are visible when, and the rows after each commit.
/// </summary>
internal sealed class SimulatedSource(Shape shape, SourceLog source)
{
    private readonly ShapeHistory _history = new(shape, source);
    private readonly List<Transaction> _running = [];
    private readonly List<(Position Commit, Transaction Transaction)> _commits = [];
    private ulong _nextXid = 0xFFFF_FFF0; // soon exceeds 32 bits
    private ulong _latestCompleted = 0xFFFF_FFEF;

    public IReadOnlyList<(Position At, TestTables State)> States => _history.States;

    public Task SnapshotAsync(IEnumerable<TestChange> rows) => _history.SnapshotAsync(rows);

    /// <summary>A transaction takes an id.</summary>
    public void Begin() => _running.Add(new Transaction(_nextXid++));

    /// <summary>One of the transactions in progress writes its commit, with its changes; nobody sees it yet.</summary>
    public async Task CommitAsync(int which, IEnumerable<TestChange> changes)
    {
        if (Open(which) is not { } transaction)
            return;
        transaction.IsWritten = true;
        var before = source.InsertLsn;
        await _history.CommitAsync(changes, transaction.Xid);
        if (source.End.Commit >= before)
            _commits.Add((source.End, transaction));
    }

    /// <summary>One of the transactions in progress is rolled back.</summary>
    public void Abort(int which)
    {
        if (Open(which) is { } transaction)
            Complete(transaction);
    }

    /// <summary>One of the written transactions becomes visible.</summary>
    public void Show(int which)
    {
        var written = _running.Where(transaction => transaction.IsWritten).ToList();
        if (written.Count == 0)
            return;
        var transaction = written[which % written.Count];
        transaction.IsSeen = true;
        Complete(transaction);
    }

    /// <summary>
    /// A look, between whose parts <paramref name="between"/> happens; and where the first transaction that it really
    /// doesn't see committed.
    /// </summary>
    public async Task<(SourceLook Look, Func<Position, Position> FirstUnseen)> LookAsync(Func<Task> between)
    {
        var floor = source.InsertLsn;
        await between();
        var xmax = _latestCompleted + 1;
        var running = _running.Select(transaction => transaction.Xid).Where(xid => xid < xmax).ToList();
        var snapshot = $"{running.Append(xmax).Min()}:{xmax}:{string.Join(',', running)}";
        var seen = _commits.Where(commit => commit.Transaction.IsSeen).Select(commit => commit.Transaction).ToHashSet();
        await between();
        return (
            new SourceLook(floor, snapshot, source.InsertLsn),
            until =>
                _commits
                    .Where(commit => !seen.Contains(commit.Transaction) && commit.Commit < until)
                    .Select(commit => commit.Commit)
                    .DefaultIfEmpty(until)
                    .Min()
        );
    }

    private Transaction? Open(int which)
    {
        var open = _running.Where(transaction => !transaction.IsWritten).ToList();
        return open.Count == 0 ? null : open[which % open.Count];
    }

    private void Complete(Transaction transaction)
    {
        _running.Remove(transaction);
        _latestCompleted = Math.Max(_latestCompleted, transaction.Xid);
    }

    private sealed class Transaction(ulong xid)
    {
        public ulong Xid => xid;
        public bool IsWritten { get; set; }
        public bool IsSeen { get; set; }
    }
}
