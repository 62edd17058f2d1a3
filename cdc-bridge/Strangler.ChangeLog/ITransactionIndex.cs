namespace Strangler.ChangeLog;

/// <summary>
/// Finds transactions of a source's log by their ids and places. A log need not have it; who looks them up asks for
/// this.
/// </summary>
public interface ITransactionIndex
{
    /// <summary>
    /// Where the first transaction, in commit order, begins that a snapshot of the source does not see: its id is
    /// <paramref name="xmax"/> or above, or one of <paramref name="running"/>. Null: there is none before
    /// <paramref name="until"/>. Ids are those of whole transactions, as the log and <c>pg_current_snapshot()</c> have
    /// them; subtransactions have none here. A transaction is logged when its commit is written and seen
    /// a little later, so that what is not seen may stand before <paramref name="floor"/> as well, whether its id is
    /// below <paramref name="xmax"/> or not.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="floor">
    /// The source's insert position before the snapshot was taken, in the epoch that is searched.
    /// </param>
    /// <param name="xmax">The snapshot's xmax, 64 bits wide.</param>
    /// <param name="running">The snapshot's transactions in progress below it.</param>
    /// <param name="until">
    /// Transactions that commit here or behind it are not looked at; the log must have come so far.
    /// </param>
    /// <returns>Dropped: retention has taken records behind <paramref name="floor"/>.</returns>
    Task<LogRead<Position?>> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The source's transactions of one epoch, in commit order, as <see cref="ILogAppender.TransactionsAsync"/> gives
    /// them to the appender.
    /// </summary>
    /// <returns>Dropped: retention has taken them in the meantime, or somebody has deleted them.</returns>
    Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    );
}
