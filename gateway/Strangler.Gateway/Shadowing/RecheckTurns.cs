using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The turns of a route's requests to be compared after the lookup has answered. Asking for one costs a number and a
/// look at the clock, and takes no lock.
/// </summary>
/// <param name="options">How often there is one.</param>
/// <param name="seed">Decides which requests belong to the share.</param>
/// <param name="time">The clock.</param>
internal sealed class RecheckTurns(RecheckModel options, long seed, TimeProvider time)
{
    private long _last = time.GetTimestamp();
    private long _asked;

    public bool TryTake()
    {
        var draw = Draw(seed, Interlocked.Increment(ref _asked));
        var (last, now) = (Volatile.Read(ref _last), time.GetTimestamp());
        if (!RecheckPace.Includes(options, time.GetElapsedTime(last, now), draw))
            return false;
        // of requests at the same moment, each that belongs to the share has a turn, and else one of them has
        return Interlocked.CompareExchange(ref _last, now, last) == last
            || RecheckPace.Includes(options, TimeSpan.Zero, draw);
    }

    /// <summary>
    /// A number from 0 to below 1 that looks random: SplitMix64 of G. Steele, D. Lea, C. Flood, OOPSLA 2014. Its state
    /// is a counter, so that requests at the same moment don't wait for each other.
    /// </summary>
    internal static double Draw(long seed, long number)
    {
        unchecked
        {
            var bits = (ulong)seed + (ulong)number * 0x9E3779B97F4A7C15;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
