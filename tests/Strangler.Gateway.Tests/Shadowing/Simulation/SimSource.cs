namespace Strangler.Gateway.Tests.Shadowing.Simulation;

/// <summary>A committed transaction.</summary>
/// <param name="Lsn">The start of its commit record.</param>
internal sealed record SimCommit(long Xid, ulong Lsn, IReadOnlyList<SimChange> Changes)
{
    public bool Visible { get; set; }
}

/// <summary>A transaction in progress. It has an xid, and holds its rows' locks until its commit is visible.</summary>
internal sealed class SimTransaction(long xid)
{
    public long Xid => xid;

    public List<SimChange> Changes { get; } = [];

    public SimCommit? Commit { get; set; }

    /// <summary>Ticks until it commits, and then until the commit is visible.</summary>
    public int Left { get; set; }

    public bool RollsBack { get; init; }

    /// <summary>Whether it is visible before it is flushed.</summary>
    public bool Async { get; init; }
}

/// <summary>
/// A source in virtual time that behaves like PostgreSQL: xids are assigned at the first write, a commit is logged and
/// becomes visible slightly later, rows are locked until then, visible commits may not be flushed yet, and a crash
/// loses those that weren't. One tick is one millisecond.
/// </summary>
internal sealed class SimSource(Random random, bool crashes, bool alters, bool inOrder)
{
    private const int MostUnderWay = 3;
    private readonly List<SimTransaction> _underWay = [];
    private readonly List<SimCommit> _log = [];
    private readonly int _writeEvery = 6 << random.Next(5);
    private readonly int _flushEvery = random.Next(2) == 0 ? 5 : 150;
    private readonly bool _allAsync = random.Next(2) == 0;
    private long _nextXid = 100;
    private ulong _flushed = 1_000;

    public const int Items = 3;

    public long Now { get; private set; }

    public ulong Insert { get; private set; } = 1_000;

    /// <summary>The state that a read sees now.</summary>
    public Dictionary<SimId, SimRow> Seen { get; private set; } = [];

    /// <summary>The factor of prices: a column's type changes once, without an event of any row.</summary>
    public long Scale { get; private set; } = 1;

    /// <summary>When that was committed, and when the projections had read the table again.</summary>
    public (ulong At, ulong? ReadAgain)? Altered { get; private set; }

    /// <summary>Open connections to it. A crash ends them all.</summary>
    public int Generation { get; private set; } = 1;

    public bool Writing { get; set; } = true;

    /// <summary>The item for which nothing is written; writes to all others continue.</summary>
    public int? AtRest { get; set; }

    /// <summary>Commits in log order, as decoding returns them: only flushed ones.</summary>
    public IReadOnlyList<SimCommit> Decoded => [.. _log.Where(commit => commit.Lsn < _flushed)];

    public ulong Flushed => _flushed;

    public string Snapshot() => $"0:{_nextXid}:{string.Join(',', _underWay.Select(transaction => transaction.Xid))}";

    public void Seed()
    {
        for (var id = 1; id <= Items; id++)
            Seen[new('i', id)] = new(id, random.Next(1, 9));
        for (var id = 1; id <= 2; id++)
            Seen[new('w', id)] = new(0, 1);
        for (var id = 1; id <= Items; id++)
            Seen[new('o', 10 + id)] = new(id, random.Next(2) == 0 ? 10_000_000 : 0);
        for (var id = 1; id <= Items * 2; id++)
            Seen[new('s', id)] = new(1 + id % Items, random.Next(9), 1 + id % 2);
        _log.Add(
            new SimCommit(1, 10, [.. Seen.Select(pair => new SimChange(pair.Key, pair.Value))]) { Visible = true }
        );
    }

    public void Tick()
    {
        Now++;
        if (Writing && _underWay.Count < MostUnderWay && random.Next(_writeEvery) == 0)
            Begin(Write(), random.Next(12), random.Next(8) == 0);
        foreach (var transaction in _underWay.ToList())
            Step(transaction);
        if (random.Next(_flushEvery) == 0)
            Flush(Insert);
        if (alters && Altered is null && random.Next(150) == 0)
            Alter();
        if (Altered is { ReadAgain: null } && random.Next(40) == 0)
            Altered = Altered.Value with { ReadAgain = Insert };
        if (crashes && random.Next(250) == 0)
            Crash();
    }

    /// <summary>Begins a transaction, unless its rows are locked.</summary>
    public SimTransaction? Begin(IReadOnlyList<SimChange> changes, int lasts, bool rollsBack)
    {
        if (changes.Count == 0 || changes.Any(change => IsLocked(change.Id)))
            return null;
        var transaction = new SimTransaction(_nextXid++)
        {
            Left = lasts,
            RollsBack = rollsBack,
            Async = _allAsync || random.Next(2) == 0,
        };
        transaction.Changes.AddRange(changes);
        Insert += (ulong)(changes.Count * 50);
        _underWay.Add(transaction);
        return transaction;
    }

    public bool IsLocked(SimId id) => _underWay.Any(transaction => transaction.Changes.Any(change => change.Id == id));

    /// <summary>A transaction of the bridge itself, so that an idle source advances.</summary>
    public void Beat()
    {
        Insert += 40;
        Flush(Insert);
    }

    private void Step(SimTransaction transaction)
    {
        if (transaction.Left-- > 0)
            return;
        if (transaction.Commit is null && transaction.RollsBack)
        {
            _underWay.Remove(transaction);
            return;
        }
        if (transaction.Commit is null)
        {
            transaction.Commit = new SimCommit(transaction.Xid, Insert, [.. transaction.Changes]);
            Insert += 40;
            _log.Add(transaction.Commit);
            if (!transaction.Async)
                Flush(Insert);
            transaction.Left = random.Next(3) == 0 ? random.Next(40) : random.Next(3); // logged, but not yet visible
            return;
        }
        // in PostgreSQL a later commit may become visible before an earlier one, which shows a state that the log never
        // had
        if (inOrder && _underWay.Any(other => other.Commit is { } earlier && earlier.Lsn < transaction.Commit.Lsn))
            return;
        foreach (var change in transaction.Commit.Changes)
            Apply(Seen, change);
        transaction.Commit.Visible = true;
        _underWay.Remove(transaction);
    }

    /// <summary>
    /// One to three changes; including a row that moves between items, and rows that are inserted and deleted.
    /// </summary>
    private List<SimChange> Write()
    {
        var changes = new Dictionary<SimId, SimChange>();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var change = random.Next(10) switch
            {
                0 or 1 => Change(
                    new('i', random.Next(1, Items + 1)),
                    row => row with { Value = row.Value + 1 },
                    new(0, 3)
                ),
                2 => new SimChange(new('w', random.Next(1, 3)), new(0, random.Next(2))),
                3 => new SimChange(
                    new('o', random.Next(1, 4)),
                    new(random.Next(1, Items + 1), Now + random.Next(-50, 400))
                ),
                4 or 5 => Change(
                    new('s', random.Next(1, 12)),
                    row => row with { Key = random.Next(1, Items + 1) },
                    new(random.Next(1, Items + 1), random.Next(9), random.Next(1, 3))
                ),
                6 => new SimChange(new('s', random.Next(1, 12)), null),
                7 when random.Next(4) == 0 => new SimChange(new('i', random.Next(1, Items + 1)), null),
                _ => Change(
                    new('s', random.Next(1, 12)),
                    row => row with { Value = row.Value + random.Next(1, 5) },
                    new(random.Next(1, Items + 1), random.Next(9), random.Next(1, 3))
                ),
            };
            if (change.Id.Table == 'i' && change.Row is { } item)
                change = change with { Row = item with { Key = change.Id.Id } };
            if (!IsAtRest(change))
                changes[change.Id] = change;
        }
        return [.. changes.Values];
    }

    /// <summary>All items share the warehouses.</summary>
    private bool IsAtRest(SimChange change) =>
        AtRest is { } key
        && (
            change.Id.Table == 'w'
            || change.Row?.Key == key
            || change.Id == new SimId('i', key)
            || (Seen.TryGetValue(change.Id, out var row) && row.Key == key)
        );

    private SimChange Change(SimId id, Func<SimRow, SimRow> change, SimRow fresh) =>
        new(id, Seen.TryGetValue(id, out var row) ? change(row) : fresh);

    private void Flush(ulong to) => _flushed = Math.Max(_flushed, to);

    private void Alter()
    {
        if (_underWay.Count > 0)
            return; // it waits for the table's lock
        Altered = (Insert, null);
        Insert += 40;
        Flush(Insert);
        Scale = 100;
    }

    /// <summary>What wasn't flushed is lost, visible or not. Its positions and its xids are assigned again.</summary>
    private void Crash()
    {
        _underWay.Clear();
        _log.RemoveAll(commit => commit.Lsn >= _flushed);
        Insert = _flushed;
        _nextXid = _log.Max(commit => commit.Xid) + 1;
        Generation++;
        Seen = [];
        foreach (var commit in _log)
        {
            commit.Visible = true;
            foreach (var change in commit.Changes)
                Apply(Seen, change);
        }
    }

    public static void Apply(Dictionary<SimId, SimRow> state, SimChange change)
    {
        if (change.Row is { } row)
            state[change.Id] = row;
        else
            state.Remove(change.Id);
    }
}
