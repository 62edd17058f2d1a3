using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog;

/// <summary>
/// The ordered, retained, replayable record of what the sources committed. One appender a source writes it in commit
/// order; any number of readers keep their own checkpoint, with what they write. Reading is at least once, deduplicated
/// by position. Every implementation passes the same contract tests.
/// </summary>
public interface IChangeLog
{
    /// <summary>
    /// Becomes the one appender of <paramref name="source"/> and fences the one before, whose next append throws. What
    /// an earlier appender left unfinished is removed. In the same step the end's epoch stops
    /// being trusted (<see cref="LogExtent.TrustedEpoch"/>).
    /// </summary>
    Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken);

    /// <summary>What the log holds of a source; null if it has never been appended to.</summary>
    Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken);

    /// <summary>
    /// Reads on behind <paramref name="after"/>; an empty page whose <c>Through</c> is <paramref name="after"/> says
    /// that there is no more yet.
    /// </summary>
    /// <returns>Dropped: retention has taken records behind <paramref name="after"/>.</returns>
    Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Returns once the log's end lies behind <paramref name="after"/>, or when <paramref name="timeout"/> has passed.
    /// Woken by the append, not by polling alone.
    /// </summary>
    Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>
    /// The end of the last transaction in commit order that the source's clock puts at or before
    /// <paramref name="time"/>. Clocks step: positions, not times, order the log.
    /// </summary>
    /// <returns>Dropped: the log begins after that time.</returns>
    Task<LogRead<Position>> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken);
}

/// <summary>The one writer of a source's log.</summary>
public interface ILogAppender : IAsyncDisposable
{
    /// <summary>Through here the log is complete; null before the first snapshot has ended.</summary>
    Position? End { get; }

    /// <summary>The <see cref="LogAppend.Offset"/> stored last; null if none.</summary>
    byte[]? Offset { get; }

    /// <summary>Stores the append, durably, before it returns.</summary>
    /// <exception cref="FaultException">Another appender has taken over.</exception>
    /// <exception cref="ArgumentException">Records are not in order or not behind what was appended before.</exception>
    Task AppendAsync(LogAppend append, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what was appended behind <see cref="End"/> and stores <paramref name="offset"/>, in one transaction: the
    /// way in which a snapshot starts over and leaves no ghosts.
    /// </summary>
    Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken);

    /// <summary>
    /// The source's transactions of one epoch, in commit order, that the log holds whole: those that commit at or
    /// behind <paramref name="from"/>, through <paramref name="through"/>. What readings brought is not
    /// among them, nor what retention has dropped.
    /// </summary>
    /// <param name="from">The first commit that counts.</param>
    /// <param name="through">The last; of the same epoch, at or before <see cref="End"/>.</param>
    /// <param name="limit">The most that are given: where as many come, there may be more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The source has been found to have the history that the log has up to <see cref="End"/>: that epoch is trusted
    /// again, until the next appender opens.
    /// </summary>
    /// <param name="server">
    /// The run of the source's server that was compared: when its postmaster started, as text. A server that started at
    /// another time may have been put back to an older state meanwhile, so that whoever sees that one must not trust
    /// the log.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FaultException">Another appender has taken over.</exception>
    Task VerifiedAsync(string server, CancellationToken cancellationToken);

    /// <summary>
    /// Drops whole segments that are older or more than the policy keeps, never the newest. Returns how many were
    /// dropped.
    /// </summary>
    Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken);
}

/// <summary>How much of the log is kept.</summary>
/// <param name="Age">Segments whose newest record is older are dropped.</param>
/// <param name="Bytes">
/// The oldest segments are dropped until no more than this is left; null keeps by age alone.
/// </param>
/// <param name="Kept">
/// What stands behind this position is kept whatever its age: the source may send it again, and then it is compared.
/// Null: nothing is.
/// </param>
public sealed record LogRetention(TimeSpan Age, long? Bytes, Position? Kept = null);
