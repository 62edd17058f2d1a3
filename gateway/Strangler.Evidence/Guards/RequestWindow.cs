namespace Strangler.Evidence.Guards;

/// <summary>Requests to the lookup in a time that ends now.</summary>
/// <param name="Length">The time.</param>
/// <param name="Asked">Those that the lookup was to answer.</param>
/// <param name="Fallbacks">Those that it failed.</param>
/// <param name="Errors">Those that the lookup or the gateway answered with a server's error.</param>
internal sealed record RequestWindow(TimeSpan Length, long Asked, long Fallbacks, long Errors);
