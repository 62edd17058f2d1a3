using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// Compares what the server sends again with what the log has, from where the slot was confirmed through the log's end,
/// transaction by transaction and in both directions: a merge of two ascending sequences. Pure; the log's side is
/// supplied page by page. A position is not an identity: a source that was put back to an older copy reuses its
/// positions. Transactions that published nothing have no entry in the log; the very last one is stored in the offset
/// (<see cref="SeenTransaction"/>), so that a history in which nothing was published is recognized too.
/// </summary>
/// <param name="from">Where the server's stream begins: it sends what commits there or later.</param>
/// <param name="end">The log's end.</param>
/// <param name="seen">The last transaction in the stream; null if the offset is older than this check.</param>
internal sealed class HistoryCheck(Lsn from, Position end, SeenTransaction? seen)
{
    /// <summary>The page size for the log's transactions.</summary>
    public const int PageSize = 1_000;

    private readonly Queue<LogTransaction> _expected = [];
    private SeenTransaction? _seen = seen is { } last && last.Commit >= from && last.Commit <= end.Commit ? last : null;
    private Position? _next = new Position(end.Epoch, from, 0);

    public Lsn From => from;

    public Position End => end;

    /// <summary>
    /// From where the next page is needed before anything else can be checked; null if none is needed.
    /// </summary>
    public Position? Wants => _expected.Count == 0 ? _next : null;

    /// <summary>
    /// The log's transactions from <see cref="Wants"/> on; fewer than <see cref="PageSize"/> are the last page.
    /// </summary>
    public void Expect(IReadOnlyList<LogTransaction> page)
    {
        foreach (var transaction in page)
            _expected.Enqueue(transaction);
        _next = page.Count < PageSize ? null : new Position(end.Epoch, new Lsn(page[^1].Commit.Value + 1), 0);
    }

    /// <summary>
    /// The server has sent a transaction, at or before the end. Returns the difference; null if the log has it.
    /// </summary>
    public HistoryDifference? Sent(SentTransaction sent)
    {
        if (sent.Commit < from)
            return null; // what retention has dropped can't be compared
        if (_expected.TryPeek(out var first) && first.Commit < sent.Commit)
            return NotSent(first);
        if (_seen is { } before && before.Commit < sent.Commit)
            return NotSent(before);
        if (_seen is { } seen && seen.Commit == sent.Commit)
        {
            if (seen.Xid != sent.Xid || seen.CommittedAt != sent.CommittedAt)
                return new HistoryDifference.Other(sent.Commit, seen.Xid, seen.CommittedAt, sent);
            _seen = null;
        }
        if (first is null || first.Commit != sent.Commit)
            return sent.Changes == 0 ? null : new HistoryDifference.NotLogged(sent.Commit, sent);
        _expected.Dequeue();
        return AreSame(first, sent)
            ? null
            : new HistoryDifference.Other(sent.Commit, first.Xid, first.CommittedAt, sent);
    }

    /// <summary>
    /// The server has sent everything up to the end. Returns the difference; null if the histories are equal up to
    /// there.
    /// </summary>
    public HistoryDifference? Passed() =>
        _expected.TryPeek(out var first) ? NotSent(first)
        : _seen is { } seen ? NotSent(seen)
        : null;

    /// <summary>
    /// An entry without a digest, or with one of another version, is compared by what it has. It may count more records
    /// than there are changes: a delete has its tombstone, and schemas are written once.
    /// </summary>
    private static bool AreSame(LogTransaction logged, SentTransaction sent) =>
        (uint)logged.Xid == sent.Xid
        && logged.CommittedAt == sent.CommittedAt
        && (
            logged.Digest is { } digest && digest.Version == sent.Digest.Version
                ? digest == sent.Digest
                : sent.Changes <= logged.Records
        );

    private static HistoryDifference.NotSent NotSent(LogTransaction logged) =>
        new(logged.Commit, logged.Xid, logged.CommittedAt);

    private static HistoryDifference.NotSent NotSent(SeenTransaction seen) =>
        new(seen.Commit, seen.Xid, seen.CommittedAt);
}
