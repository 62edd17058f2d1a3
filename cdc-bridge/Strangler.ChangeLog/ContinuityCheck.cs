using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog;

/// <summary>
/// Proves that a log lacks no transaction before any that names the one before it, as its appender knew it when it
/// appended. Pure; it gets the transactions in order, page by page. An epoch begins with one that names
/// none, and so does the chain of a log whose first transactions were stored before they named any.
/// </summary>
public sealed class ContinuityCheck
{
    /// <summary>Of <see cref="Breaks"/>; the others are only counted.</summary>
    public const int MaxBreaks = 10;

    private readonly List<ContinuityBreak> _breaks = [];
    private (int Epoch, Lsn Commit)? _last;
    private bool _isBegun;

    /// <summary>The number of transactions.</summary>
    public long Count { get; private set; }

    /// <summary>How many of them name the one before.</summary>
    public long NamedCount { get; private set; }

    /// <summary>How many don't follow on what they name.</summary>
    public long BreakCount { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<ContinuityBreak> Breaks => _breaks;

    /// <summary>What doesn't follow, for a person; empty if nothing is missing.</summary>
    /// <param name="source">The source.</param>
    public IReadOnlyList<Fault> FaultsOf(string source)
    {
        var faults = _breaks.Select(found => found.FaultOf(source)).ToList();
        if (BreakCount > faults.Count)
            faults.Add(
                new Fault(
                    $"Log:{source}",
                    $"{BreakCount - faults.Count} more transactions don't follow on what they name: these are the "
                        + $"first {faults.Count} of {BreakCount}.",
                    ContinuityBreak.Remedy
                )
            );
        return faults;
    }

    /// <summary>Takes the transactions that follow.</summary>
    /// <param name="epoch">Their epoch.</param>
    /// <param name="transactions">The transactions, in commit order; readings among them are passed over.</param>
    /// <param name="begin">
    /// Where the log began after they had been read: what is named before it was dropped by retention, and isn't
    /// missing.
    /// </param>
    public void Add(int epoch, IEnumerable<LogTransaction> transactions, Position begin)
    {
        foreach (var transaction in transactions.Where(transaction => transaction.Xid != 0))
        {
            if (_last?.Epoch != epoch)
                (_last, _isBegun) = (null, false);
            var held = _last?.Commit;
            Count++;
            if (transaction.Previous is not null)
                NamedCount++;
            if (!Follows(epoch, transaction.Previous, held, begin))
                Break(new ContinuityBreak(new Position(epoch, transaction.Commit, 0), transaction.Previous, held));
            _isBegun |= transaction.Previous is not null;
            _last = (epoch, transaction.Commit);
        }
    }

    /// <summary>
    /// What is named is the one before, or retention has dropped it. Retention drops what is oldest, so in the latter
    /// case the one before was dropped as well, earlier: it was read before, or never.
    /// </summary>
    private bool Follows(int epoch, Lsn? named, Lsn? held, Position begin) =>
        named is { } previous
            ? previous == held
                || (Position.EndOf(epoch, previous) <= begin && (held is not { } last || last < previous))
            : !_isBegun;

    private void Break(ContinuityBreak found)
    {
        BreakCount++;
        if (_breaks.Count < MaxBreaks)
            _breaks.Add(found);
    }
}
