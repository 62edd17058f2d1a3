using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Decides which requests are compared after the lookup has answered: a random share, so that each request has the same
/// chance whatever its key, and one more whenever none was compared for too long.
/// </summary>
internal static class RecheckPace
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <param name="sinceLast">The time since a request was last taken.</param>
    /// <param name="draw">A random number from 0 to below 1.</param>
    public static bool Includes(RecheckModel options, TimeSpan sinceLast, double draw) =>
        options.Share > 0 && (draw < options.Share || IsLate(options, sinceLast));

    private static bool IsLate(RecheckModel options, TimeSpan sinceLast) =>
        options.MinPerMinute > 0 && sinceLast >= Minute / options.MinPerMinute;
}
