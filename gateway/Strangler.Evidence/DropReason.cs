namespace Strangler.Evidence;

/// <summary>
/// Why a request was not compared. It is counted, and its client notices nothing. All but <see cref="Undeclared"/> are
/// about sampled requests.
/// </summary>
internal enum DropReason
{
    /// <summary>More per second than the route compares.</summary>
    PerSecond,

    /// <summary>More concurrent comparisons than the gateway allows.</summary>
    QueueFull,

    /// <summary>The answers that are held exceed the gateway's memory limit.</summary>
    Memory,

    /// <summary>
    /// The request has an input that the route doesn't declare, so it is not even sampled: the lookup wouldn't answer
    /// it.
    /// </summary>
    Undeclared,

    /// <summary>The last look at the source is too old to tell where the bracket begins.</summary>
    NoSight,

    /// <summary>Its answer had not ended after five minutes.</summary>
    TooLong,

    /// <summary>The gateway stopped before it was compared.</summary>
    Ended,

    /// <summary>The lookup answered it, and legacy may not be asked more often.</summary>
    LegacyBudget,
}
