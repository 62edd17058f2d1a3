namespace Strangler.ChangeLog;

/// <summary>
/// How far a source's log has come, and the rules by which an append moves it. Pure: every implementation checks an
/// append with it before it stores anything, so that no record can appear twice or out of order, whatever is replayed.
/// </summary>
/// <param name="End">Readers see up to here; null before the first end.</param>
/// <param name="Last">
/// The last position used, by a record (including one that readers don't see yet) or by <paramref name="End"/>.
/// </param>
public readonly record struct LogTail(Position? End, Position? Last)
{
    /// <summary>Whether records after <see cref="End"/> wait for the rest of their transaction or snapshot.</summary>
    public bool IsUnfinished => Last != End;

    /// <summary>The tail once the unfinished records have been removed.</summary>
    public LogTail Finished => new(End, End);

    /// <summary>The tail after <paramref name="append"/>.</summary>
    /// <exception cref="ArgumentException">
    /// The append breaks a rule; the message says which, and at which position.
    /// </exception>
    public LogTail After(LogAppend append)
    {
        var last = Last;
        foreach (var record in append.Records)
        {
            var position = record.Position;
            if (position.IsEnd)
                throw new ArgumentException(
                    $"A record cannot be at {position}, which is the end of a transaction.",
                    nameof(append)
                );
            if (position <= (last ?? Position.Start))
                throw new ArgumentException(
                    $"The record at {position} is not after {last ?? Position.Start}, which the log already has.",
                    nameof(append)
                );
            if (last is { } before && before.Epoch != position.Epoch && before != End)
                throw new ArgumentException(
                    $"The record at {position} begins an epoch while the records after "
                        + $"{End?.ToString() ?? "the beginning"} are unfinished.",
                    nameof(append)
                );
            last = position;
        }
        CheckTransactions(append);
        if (append.Through is not { } through)
            return new LogTail(End, last);
        if (!through.IsEnd)
            throw new ArgumentException(
                $"The log's end cannot be {through}: that is within a transaction.",
                nameof(append)
            );
        if (through < End)
            throw new ArgumentException($"The log's end cannot go back from {End} to {through}.", nameof(append));
        if (last is { } newest && newest != End && newest.Epoch != through.Epoch)
            throw new ArgumentException(
                $"The log's end cannot be {through}: "
                    + $"records after {End?.ToString() ?? "the beginning"} are of epoch {newest.Epoch}.",
                nameof(append)
            );
        return new LogTail(through, last > through ? last : through);
    }

    /// <summary>
    /// The transactions that are whole with <paramref name="append"/>, in commit order. Rows from a snapshot or a
    /// table's reading belong to no transaction of the source: they are returned as one with xid 0, with the time of
    /// the transaction that follows, or of the append, so that every visible position has a time.
    /// </summary>
    public IReadOnlyList<LogTransaction> Completed(LogAppend append)
    {
        if (append.Through is not { } through)
            return [];
        var read = append
            .Records.Where(record => record.Position <= through)
            .Select(record => record.Position.Commit)
            .ToHashSet();
        if (IsUnfinished && Last <= through)
            read.Add(Last!.Value.Commit);
        read.ExceptWith(append.Transactions.Select(transaction => transaction.Commit));
        if (read.Count == 0)
            return append.Transactions;
        var readings = read.Select(commit => new LogTransaction(
            commit,
            0,
            append.Transactions.FirstOrDefault(next => next.Commit > commit)?.CommittedAt ?? append.At,
            0
        ));
        return [.. append.Transactions.Concat(readings).OrderBy(transaction => transaction.Commit)];
    }

    private void CheckTransactions(LogAppend append)
    {
        if (append.Transactions.Count == 0)
            return;
        if (append.Through is not { } through)
            throw new ArgumentException(
                "An append that completes transactions moves the log's end past them, but this one has no 'Through'.",
                nameof(append)
            );
        var before = End;
        foreach (var transaction in append.Transactions)
        {
            var end = Position.EndOf(through.Epoch, transaction.Commit);
            if (end <= before)
                throw new ArgumentException(
                    $"The transaction that ends at {end} is not after {before}, which the log already has.",
                    nameof(append)
                );
            if (end > through)
                throw new ArgumentException(
                    $"The transaction that ends at {end} is given as whole, but the log's end is to be {through}.",
                    nameof(append)
                );
            before = end;
        }
    }
}
