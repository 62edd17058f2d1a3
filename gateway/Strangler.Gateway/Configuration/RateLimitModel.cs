namespace Strangler.Gateway.Configuration;

/// <summary>How often a route may be called. A request above a limit waits in its queue, or gets 429.</summary>
internal abstract record RateLimitModel
{
    private RateLimitModel() { }

    /// <summary>Who shares the limit.</summary>
    public RateLimitScope Scope { get; init; }

    /// <summary>The number of requests that may wait.</summary>
    public int Queue { get; init; }

    /// <summary>A number of requests in each window.</summary>
    public sealed record FixedWindow(int Permits, TimeSpan Window) : RateLimitModel;

    /// <summary>A number of requests in a window that moves on by segments.</summary>
    public sealed record SlidingWindow(int Permits, TimeSpan Window, int Segments) : RateLimitModel;

    /// <summary>A store of tokens, one for a request, that fills up steadily.</summary>
    public sealed record TokenBucket(int Tokens, int TokensPerPeriod, TimeSpan Period) : RateLimitModel;

    /// <summary>A number of requests at once.</summary>
    public sealed record Concurrency(int Permits) : RateLimitModel;
}
