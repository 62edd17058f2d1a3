namespace Strangler.ChangeLog;

/// <summary>What the log holds of a source.</summary>
/// <param name="Begin">
/// A reader at or after this position misses nothing; one before it has lost what retention dropped.
/// </param>
/// <param name="End">The log is complete up to here; null before the first snapshot has ended.</param>
/// <param name="At">The source's clock at <paramref name="End"/>.</param>
/// <param name="Snapshot">
/// Where the oldest complete snapshot begins that the log still holds whole: everything can be rebuilt from there. Null
/// if none exists.
/// </param>
public sealed record LogExtent(Position Begin, Position? End, DateTimeOffset At, Position? Snapshot)
{
    /// <summary>Whether everything can be rebuilt from the log alone.</summary>
    public bool HoldsSnapshot => Snapshot is not null;

    /// <summary>
    /// The source's insert LSN, in the end's epoch, before its catalogue was last found to match what the log says up
    /// to <see cref="End"/>. If something changed the rows of a table without an event and was visible to anyone before
    /// that LSN, the log holds the change, or a doubt. Null: not checked yet.
    /// </summary>
    public Lsn? CatalogueSeen { get; init; }

    /// <summary>
    /// Positions of earlier epochs may not be answered from. An appender that opens adds <see cref="End"/>'s epoch to
    /// them, because the source may have another history by now, and <see cref="ILogAppender.VerifiedAsync"/> removes
    /// the end's epoch again.
    /// </summary>
    public int TrustedEpoch { get; init; }

    /// <summary>
    /// The source's server that was last found to have the log's history, as passed to
    /// <see cref="ILogAppender.VerifiedAsync"/>; null since an appender opened.
    /// </summary>
    public string? VerifiedServer { get; init; }
}
