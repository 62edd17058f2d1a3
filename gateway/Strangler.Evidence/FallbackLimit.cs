namespace Strangler.Evidence;

/// <summary>Which limit refused a fallback: the lookup couldn't answer it, and legacy isn't asked.</summary>
internal enum FallbackLimit
{
    /// <summary>As many fallbacks of all routes are with legacy as the gateway sends (Gateway:MaxFallback).</summary>
    Gateway,

    /// <summary>As many fallbacks of the route are with legacy as it sends (Fallback:MaxConcurrent).</summary>
    Concurrent,

    /// <summary>The route sent as many in the last second as it sends (Fallback:MaxPerSecond).</summary>
    PerSecond,

    /// <summary>Legacy failed several in a row (Fallback:MaxFailures).</summary>
    Circuit,
}
