using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog;

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
    /// Keeps what an earlier appender left unfinished, so that what is appended next continues it. Only the first call
    /// after opening can: the first append, and <see cref="DiscardUnfinishedAsync"/>, remove it.
    /// </summary>
    /// <returns>
    /// The last position that is kept; null if nothing was left, or if the log can't keep it whole, so that it is
    /// removed.
    /// </returns>
    Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken);

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

    /// <summary>
    /// Why what <see cref="RetainAsync"/> dropped last is not deleted yet; null if it is. No reader of the log sees it,
    /// and the next call tries again: only its space isn't free.
    /// </summary>
    Fault? Undeleted { get; }
}
