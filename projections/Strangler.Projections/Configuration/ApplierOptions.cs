using Strangler.ChangeLog;

namespace Strangler.Projections.Configuration;

/// <summary>How an applier works.</summary>
internal sealed record ApplierOptions
{
    /// <value>2 s.</value>
    public TimeSpan KeyLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>More quarantined keys than this stop their projection.</summary>
    /// <value>100.</value>
    public int MaxQuarantined { get; init; } = 100;

    /// <summary>How long superseded versions are kept, at least.</summary>
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

    /// <summary>How often progress alone is worth a transaction of the store.</summary>
    /// <value>250 ms.</value>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How much of the log is read at a time.</summary>
    public LogReadLimit Read { get; init; } = LogReadLimit.Default;
}
