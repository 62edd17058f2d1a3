using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Fallbacks;

/// <summary>
/// Whether fallbacks are sent to legacy. Closed: they are, and consecutive failures are counted. Open: they aren't,
/// except one trial at a time, which closes it if legacy answers. Times are those of one monotonic clock.
/// </summary>
/// <param name="FailureCount">The number of consecutive fallbacks that legacy failed.</param>
/// <param name="TrialAt">When the next trial may begin. Null if it is closed.</param>
/// <param name="IsTrying">Whether a trial is under way.</param>
internal readonly record struct FallbackCircuit(int FailureCount, TimeSpan? TrialAt, bool IsTrying)
{
    public bool IsOpen => TrialAt is not null;

    /// <summary>Whether a fallback may be sent now.</summary>
    public bool Admits(TimeSpan now) => TrialAt is not { } at || now >= at && !IsTrying;

    /// <summary>A fallback that it admits is sent. While it is open, that is a trial.</summary>
    public FallbackCircuit Entered() => this with { IsTrying = IsOpen };

    /// <summary>
    /// A fallback has ended. One that began before the circuit opened says nothing about the present.
    /// </summary>
    public FallbackCircuit Ended(FallbackEnd end, bool isTrial, FallbackModel limits, TimeSpan now) =>
        end switch
        {
            _ when IsOpen && !isTrial => this,
            FallbackEnd.Answered => default,
            FallbackEnd.Failed when isTrial || IsLast(limits) => new(FailureCount + 1, now + limits.RetryAfter, false),
            FallbackEnd.Failed => new(FailureCount + 1, null, false),
            _ => this with { IsTrying = false },
        };

    private bool IsLast(FallbackModel limits) => limits.MaxFailures > 0 && FailureCount + 1 >= limits.MaxFailures;
}
