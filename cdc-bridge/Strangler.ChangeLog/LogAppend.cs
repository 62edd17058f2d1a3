namespace Strangler.ChangeLog;

/// <summary>
/// What one append brings, stored whole or not at all: records in order, the transactions that they complete, and how
/// far readers may now see. A transaction larger than memory comes
/// in several appends, of which only the last moves <paramref name="Through"/> past it; a snapshot likewise.
/// </summary>
/// <param name="Records">Records behind everything appended before.</param>
/// <param name="Transactions">Transactions that are whole with this append, in commit order.</param>
/// <param name="Through">
/// The new end of the log, or null where the append ends within a transaction. Also moved alone, as progress:
/// everything that committed before it has been sent.
/// </param>
/// <param name="At">The source's clock at <paramref name="Through"/>.</param>
/// <param name="Offset">
/// What the appender wants to find again when it starts, stored with the append; null leaves what is there.
/// </param>
/// <param name="CatalogueSeen">
/// The source's insert LSN before its catalogue was last found to be what the log says of it; null leaves what is
/// there, or nothing where the epoch changes.
/// </param>
public sealed record LogAppend(
    IReadOnlyList<LogRecord> Records,
    IReadOnlyList<LogTransaction> Transactions,
    Position? Through,
    DateTimeOffset At,
    byte[]? Offset = null,
    Lsn? CatalogueSeen = null
);
