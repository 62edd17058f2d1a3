using Strangler.Foundation.Faults;

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
    /// Removes what an earlier appender left unfinished. In the same step the end's epoch stops being trusted
    /// (<see cref="LogExtent.TrustedEpoch"/>).
    /// </summary>
    Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken);

    /// <summary>What the log holds of a source; null if nothing was ever appended.</summary>
    Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the records after <paramref name="after"/>. An empty page whose <c>Through</c> is <paramref name="after"/>
    /// means that there is nothing more yet.
    /// </summary>
    /// <returns>Dropped: retention has dropped records after <paramref name="after"/>.</returns>
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

/// <summary>The one writer of a source's log.</summary>
public interface ILogAppender : IAsyncDisposable
{
    /// <summary>The log is complete up to here; null before the first snapshot has ended.</summary>
    Position? End { get; }

    /// <summary>The last <see cref="LogAppend.Offset"/> stored; null if none.</summary>
    byte[]? Offset { get; }

    /// <summary>Stores the append, durably, before it returns.</summary>
    /// <exception cref="FaultException">Another appender has taken over.</exception>
    /// <exception cref="ArgumentException">Records are not in order, or not after what was appended before.</exception>
    Task AppendAsync(LogAppend append, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what was appended after <see cref="End"/> and stores <paramref name="offset"/>, in one transaction. A
    /// snapshot starts over this way and leaves no ghosts.
    /// </summary>
    Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken);

    /// <summary>
    /// The source's transactions of one epoch, in commit order, that the log holds whole: those that commit at or after
    /// <paramref name="from"/>, through <paramref name="through"/>. Excludes readings, and what retention has dropped.
    /// </summary>
    /// <param name="from">The first commit that counts.</param>
    /// <param name="through">The last; of the same epoch, at or before <see cref="End"/>.</param>
    /// <param name="limit">The maximum number returned; if that many are returned, there may be more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The source has been found to have the same history as the log up to <see cref="End"/>: that epoch is trusted
    /// again, until the next appender opens.
    /// </summary>
    /// <param name="server">
    /// The run of the source's server that was compared: the start time of its postmaster, as text. A server with
    /// another start time may have been put back to an older state in the meantime, so callers that see it must not
    /// trust the log.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaultException">Another appender has taken over.</exception>
    Task VerifiedAsync(string server, CancellationToken cancellationToken);

    /// <summary>
    /// Drops whole segments that are older or more than the policy keeps, never the newest. Returns how many it
    /// dropped.
    /// </summary>
    Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken);
}

/// <summary>How much of the log is kept.</summary>
/// <param name="Age">Segments whose newest record is older are dropped.</param>
/// <param name="Bytes">The oldest segments are dropped until at most this much is left. Null: only age counts.</param>
/// <param name="Kept">
/// Everything after this position is kept whatever its age, because the source may send it again, and it is compared
/// then. Null if nothing is.
/// </param>
public sealed record LogRetention(TimeSpan Age, long? Bytes, Position? Kept = null);
