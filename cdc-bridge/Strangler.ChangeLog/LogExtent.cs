namespace Strangler.ChangeLog;

/// <summary>What the log holds of a source.</summary>
/// <param name="Begin">
/// A reader at or behind this position misses nothing; one before it has lost what retention dropped.
/// </param>
/// <param name="End">Through here the log is complete; null before the first snapshot has ended.</param>
/// <param name="At">The source's clock at <paramref name="End"/>.</param>
/// <param name="Snapshot">
/// Where the oldest complete snapshot begins that the log still holds whole: everything can be rebuilt from what stands
/// behind it. Null where there is none.
/// </param>
public sealed record LogExtent(Position Begin, Position? End, DateTimeOffset At, Position? Snapshot)
{
    /// <summary>Whether everything can be rebuilt from the log alone.</summary>
    public bool HoldsSnapshot => Snapshot is not null;

    /// <summary>
    /// The source's insert LSN, in the end's epoch, before its catalogue was last found to be what the log up to
    /// <see cref="End"/> says of it: what altered the rows of a table without an event, and was seen by anybody before
    /// that, is in the log, or stands there as a doubt. Null: not looked at yet.
    /// </summary>
    public Lsn? CatalogueSeen { get; init; }

    /// <summary>
    /// Positions of earlier epochs may not be answered from: an appender that opens puts <see cref="End"/>'s epoch
    /// among them, because the source may have another history by now, and <see cref="ILogAppender.VerifiedAsync"/>
    /// takes the end's epoch out again.
    /// </summary>
    public int TrustedEpoch { get; init; }

    /// <summary>
    /// The source's server that was last found to have the log's history, as <see cref="ILogAppender.VerifiedAsync"/>
    /// was told; null since an appender opened.
    /// </summary>
    public string? VerifiedServer { get; init; }
}
