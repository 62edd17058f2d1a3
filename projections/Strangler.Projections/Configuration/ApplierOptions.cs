using Strangler.ChangeLog;

namespace Strangler.Projections.Configuration;

/// <summary>The options of an applier.</summary>
internal sealed record ApplierOptions
{
    /// <value>2 s.</value>
    public TimeSpan KeyLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A projection with more quarantined keys than this stops.</summary>
    /// <value>100.</value>
    public int MaxQuarantined { get; init; } = 100;

    /// <summary>The minimum time for which superseded versions are kept.</summary>
    /// <value>1 day.</value>
    public TimeSpan HistoryRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// A batch that maps to more keys of a projection than this makes them dirty instead of computing them.
    /// </summary>
    /// <value>5,000.</value>
    public int KeysAtOnce { get; init; } = 5_000;

    /// <summary>How many keys are gathered and computed together.</summary>
    /// <value>1,000.</value>
    public int KeysAtATime { get; init; } = 1_000;

    /// <summary>The minimum time between transactions of the store for progress alone.</summary>
    /// <value>250 ms.</value>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How much of the log is read at a time.</summary>
    public LogReadLimit Read { get; init; } = LogReadLimit.Default;
}
