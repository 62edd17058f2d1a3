namespace Strangler.ChangeLog.Embedded;

/// <summary>How the embedded change log keeps its records: the configuration section <c>Log</c>.</summary>
public sealed record EmbeddedLogOptions
{
    /// <summary>Segments whose newest record is older than this, by the source's clock, are dropped.</summary>
    /// <value>7 days.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The oldest segments are dropped until at most this much is left, in bytes of keys, values and headers. Null:
    /// only age counts.
    /// </summary>
    /// <value>null.</value>
    public long? RetentionBytes { get; init; }

    /// <summary>
    /// After this time the log continues in a new segment. Retention drops whole segments, so this is its granularity.
    /// </summary>
    /// <value>1 hour.</value>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// At this size, in bytes of keys, values and headers, the log continues in a new segment. A transaction always
    /// stays in one segment.
    /// </summary>
    /// <value>1 GiB.</value>
    public long SegmentBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How often a waiting reader checks the end itself, in case a notification was lost with its connection.
    /// </summary>
    /// <value>5 s.</value>
    public TimeSpan WaitPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The argument for <see cref="ILogAppender.RetainAsync"/>.</summary>
    public LogRetention ToRetention() => new(Retention, RetentionBytes);
}
