namespace Strangler.ChangeLog;

/// <summary>
/// The ordered, retained, replayable record of what the sources committed. One appender per source writes it in commit
/// order; any number of readers keep their own checkpoint together with what they write. Reading is at least once,
/// deduplicated by position. Every implementation passes the same contract tests.
/// </summary>
public interface IChangeLog
{
    /// <summary>
    /// Becomes the one appender of <paramref name="source"/> and fences the previous one, whose next append throws.
    /// What an earlier appender left unfinished is removed, unless <see cref="ILogAppender.KeepUnfinishedAsync"/> keeps
    /// it: nobody sees it either way. In the same step the end's epoch stops being trusted
    /// (<see cref="LogExtent.TrustedEpoch"/>).
    /// </summary>
    Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken);

    /// <summary>What the log holds of a source; null if nothing was ever appended.</summary>
    Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the records after <paramref name="after"/>. An empty page whose <c>Through</c> is <paramref name="after"/>
    /// means that there is nothing more yet.
    /// </summary>
    /// <returns>
    /// Dropped: retention has dropped records after <paramref name="after"/>; or the log ends before it, and so isn't
    /// the one in which that position was read.
    /// </returns>
    Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Returns once the log's end is after <paramref name="after"/>, or when <paramref name="timeout"/> has passed.
    /// Woken by the append, not only by polling.
    /// </summary>
    Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>
    /// The end of the last transaction, in commit order, that committed at or before <paramref name="time"/> by the
    /// source's clock. Clocks jump, so positions, not times, order the log.
    /// </summary>
    /// <returns>Dropped: the log begins after that time.</returns>
    Task<LogRead<Position>> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken);
}
