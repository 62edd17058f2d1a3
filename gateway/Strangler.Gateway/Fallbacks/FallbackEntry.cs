using Strangler.Evidence;

namespace Strangler.Gateway.Fallbacks;

/// <summary>Whether a fallback may go to legacy.</summary>
internal abstract record FallbackEntry
{
    private FallbackEntry() { }

    /// <summary>It may, and must be left.</summary>
    /// <param name="IsTrial">Whether it finds out if legacy answers again.</param>
    public sealed record Admitted(bool IsTrial) : FallbackEntry;

    /// <summary>It may not.</summary>
    /// <param name="RetryAfter">When the client may try again.</param>
    public sealed record Refused(FallbackLimit Limit, TimeSpan RetryAfter) : FallbackEntry;
}
