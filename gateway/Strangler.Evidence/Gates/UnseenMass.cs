namespace Strangler.Evidence.Gates;

/// <summary>The share of the requests to come that are for keys which no request has named yet.</summary>
/// <remarks>
/// <para>
/// Of n independent requests, let N₁ be the number of keys that were named once. Good and Turing estimate the unseen
/// mass M as G = N₁/n: E(G) is the expected unseen mass after n-1 requests, and so at least E(M).
/// G changes by at most 2/n if one request changes, so that McDiarmid's inequality gives
/// P(G ≤ E(G) - ε) ≤ exp(-nε²/2); and P(M ≥ E(M) + ε) ≤ exp(-nε²) (McAllester and Ortiz, theorem 10).
/// Each fails with a probability of at most α/2, so M is at most G + (1 + √2) √(ln(2/α)/n) with a probability of at
/// least 1-α.
/// </para>
/// <para>
/// I. J. Good, "The population frequencies of species and the estimation of population parameters", Biometrika 40,
/// 1953; D. McAllester, L. Ortiz, "Concentration inequalities for the missing mass and for histogram rule error",
/// Journal of Machine Learning Research 4, 2003.
/// </para>
/// <para>
/// Real requests aren't independent, and traffic changes: the bound speaks of requests like those that came. It holds
/// for one look.
/// </para>
/// </remarks>
public static class UnseenMass
{
    /// <summary>G, which few requests make look small by chance.</summary>
    /// <returns>1 if nothing was named.</returns>
    public static double Estimate(long once, long named)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(once);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(once, named);
        return named == 0 ? 1 : (double)once / named;
    }

    /// <param name="once">Keys that were named once.</param>
    /// <param name="named">How often a key was named.</param>
    /// <param name="alpha">The probability with which the bound may fail, between 0 and 1.</param>
    /// <returns>1 if nothing was named.</returns>
    public static double Upper(long once, long named, double alpha = 0.05)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "It is a probability above 0 and below 1.");
        var estimate = Estimate(once, named);
        return named == 0 ? 1 : Math.Min(1, estimate + ((1 + Math.Sqrt(2)) * Math.Sqrt(Math.Log(2 / alpha) / named)));
    }
}
