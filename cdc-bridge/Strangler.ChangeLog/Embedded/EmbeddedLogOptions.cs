namespace Strangler.ChangeLog.Embedded;

/// <summary>How the embedded change log keeps its records: the section <c>Log</c> of the configuration.</summary>
public sealed record EmbeddedLogOptions
{
    /// <summary>Segments whose newest record is older, by the source's clock, are dropped.</summary>
    /// <value>7 days.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The oldest segments are dropped until no more than this is left, in bytes of keys, values and headers; null
    /// keeps by age alone.
    /// </summary>
    /// <value>null.</value>
    public long? RetentionBytes { get; init; }

    /// <summary>
    /// After this time the log continues in a new segment. Retention drops whole segments, so this is how finely it
    /// works.
    /// </summary>
    /// <value>1 hour.</value>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// At this size, in bytes of keys, values and headers, the log continues in a new segment; one transaction always
    /// stays in one.
    /// </summary>
    /// <value>1 GiB.</value>
    public long SegmentBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How often a waiting reader looks for itself, should a notification have been lost with its connection.
    /// </summary>
    /// <value>5 s.</value>
    public TimeSpan WaitPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What <see cref="ILogAppender.RetainAsync"/> is to be given.</summary>
    public LogRetention ToRetention() => new(Retention, RetentionBytes);
}
