namespace Strangler.Evidence.Gates;

/// <summary>An upper bound of a mismatch rate that stays valid even if it is examined after every comparison.</summary>
/// <remarks>
/// <para>
/// For a rate p the likelihood ratio of k wrong among n, mixed uniformly over all smaller rates, M(p) = ∫₀ᵖ θᵏ(1-θ)ⁿ⁻ᵏ
/// dθ / p / (pᵏ(1-p)ⁿ⁻ᵏ), is a martingale that starts at 1 when p is the true rate. It ever reaches 1/α with a
/// probability of at most α (Ville's inequality), so the set of rates with M below 1/α contains the true rate at all
/// times with a probability of at least 1-α. The bound is the greatest of these rates.
/// </para>
/// <para>The method of mixtures: H. Robbins, "Statistical methods related to the law of the iterated logarithm", 1970;
/// with the exact binomial likelihood as the one-sided beta-binomial mixture in
/// S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences",
/// Annals of Statistics 49, 2021.</para>
/// <para>
/// The price of repeated looks: with none wrong and α = 0.05 the bound is at most 1.52 times 1-α^(1/n), the bound for a
/// single look at an n fixed in advance.
/// </para>
/// </remarks>
public static class MismatchBound
{
    /// <param name="wrong">Comparisons that were wrong.</param>
    /// <param name="distinct">All distinct comparisons, up to 10⁹.</param>
    /// <param name="alpha">The probability with which the bound may ever fail, between 0 and 1.</param>
    /// <returns>1 if nothing was compared.</returns>
    public static double Upper(long wrong, long distinct, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wrong);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wrong, distinct);
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "It is a probability above 0 and below 1.");
        if (wrong == distinct)
            return 1;

        // M is below 1 up to the observed rate and then increases without limit
        var threshold = Math.Log(1 / alpha);
        double low = (double)wrong / distinct,
            high = 1;
        for (var step = 0; step < 200 && high - low > 1e-15 + (1e-10 * low); step++)
        {
            var middle = low + ((high - low) / 2);
            if (LogMixture(wrong, distinct, middle) < threshold)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    /// <summary>ln M(p) for p above the observed rate.</summary>
    private static double LogMixture(long wrong, long distinct, double p)
    {
        double a = wrong + 1.0,
            b = distinct - wrong + 1.0;
        return LogIncompleteBeta(a, b, p) - (a * Math.Log(p)) - ((b - 1) * Log1p(-p));
    }

    /// <summary>ln ∫₀ᵖ θᵃ⁻¹(1-θ)ᵇ⁻¹ dθ.</summary>
    private static double LogIncompleteBeta(double a, double b, double p)
    {
        var front = (a * Math.Log(p)) + (b * Log1p(-p));
        if (p < (a + 1) / (a + b + 2))
            return front + Math.Log(Fraction(a, b, p) / a);
        var complete = LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        var above = front + Math.Log(Fraction(b, a, 1 - p) / b);
        return complete + Log1p(-Math.Exp(Math.Min(above - complete, -1e-300)));
    }

    /// <summary>
    /// The continued fraction of the incomplete beta function, by Lentz's method (Numerical Recipes, section 6.4); it
    /// takes about √max(a, b) steps.
    /// </summary>
    private static double Fraction(double a, double b, double p)
    {
        const double Tiny = 1e-300;
        double c = 1,
            d = Inverse(1 - ((a + b) * p / (a + 1)));
        var result = d;
        for (var step = 1; step <= 1_000_000; step++)
        {
            double twice = 2.0 * step;
            var even = step * (b - step) * p / ((a + twice - 1) * (a + twice));
            d = Inverse(1 + (even * d));
            c = NotZero(1 + (even / c));
            result *= d * c;
            var odd = -(a + step) * (a + b + step) * p / ((a + twice) * (a + twice + 1));
            d = Inverse(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-14)
                break;
        }
        return result;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
        static double Inverse(double value) => 1 / NotZero(value);
    }

    /// <summary>
    /// ln Γ(x) for x of at least 1: Stirling's series, after the argument is raised to 12 or more, where the error is
    /// below 1e-14.
    /// </summary>
    private static double LogGamma(double x)
    {
        var raised = 0.0;
        for (; x < 12; x++)
            raised += Math.Log(x);
        var inverse = 1 / x;
        var square = inverse * inverse;
        var series =
            inverse
            * (
                (1.0 / 12)
                - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188)))))))
            );
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - raised;
    }

    /// <summary>ln(1 + x) without loss of precision for a small x.</summary>
    private static double Log1p(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }
}
