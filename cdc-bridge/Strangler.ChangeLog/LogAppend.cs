namespace Strangler.ChangeLog;

/// <summary>
/// The content of one append, stored whole or not at all: records in order, the transactions that they complete, and
/// how far readers may now see. A transaction larger than memory takes several appends, of which only the last moves
/// <paramref name="Through"/> past it; so does a snapshot.
/// </summary>
/// <param name="Records">Records after everything appended before.</param>
/// <param name="Transactions">Transactions that are whole with this append, in commit order.</param>
/// <param name="Through">
/// The new end of the log, or null if the append ends within a transaction. It also moves without records, as progress:
/// everything that committed before it has been sent.
/// </param>
/// <param name="At">The source's clock at <paramref name="Through"/>.</param>
/// <param name="Offset">
/// The appender's own state to find again at its next start, stored with the append. Null leaves the stored one.
/// </param>
/// <param name="CatalogueSeen">
/// The source's insert LSN before its catalogue was last found to match the log. Null leaves the stored one, or clears
/// it if the epoch changes.
/// </param>
public sealed record LogAppend(
    IReadOnlyList<LogRecord> Records,
    IReadOnlyList<LogTransaction> Transactions,
    Position? Through,
    DateTimeOffset At,
    byte[]? Offset = null,
    Lsn? CatalogueSeen = null
);
