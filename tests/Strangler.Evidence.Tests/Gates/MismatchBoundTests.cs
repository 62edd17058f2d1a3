using Strangler.Evidence.Gates;
using Xunit;

namespace Strangler.Evidence.Tests.Gates;

public sealed class MismatchBoundTests
{
    private const double Alpha = 0.05;

    [Theory]
    [InlineData(0.003)]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void Upper_LookedAtAfterEveryComparison_FallsBelowTheTrueRateInFewRuns(double rate) =>
        Assert.True(Share(rate, runs: 2000, length: 400, Upper()) <= Allowed(2000));

    [Theory]
    [InlineData(0.0005)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [Trait("Category", "Long")]
    public void Upper_LookedAtForLong_FallsBelowTheTrueRateInFewRuns(double rate) =>
        Assert.True(Share(rate, runs: 10_000, length: 5_000, Upper()) <= Allowed(10_000));

    [Fact]
    public void FixedBound_LookedAtAfterEveryComparison_BreaksItsPromise() =>
        Assert.True(Share(0.1, runs: 2000, length: 400, Memo(ClopperPearson)) > 1.5 * Allowed(2000));

    [Fact]
    public void Upper_NoneWrong_IsNearTheBoundForOneLook()
    {
        foreach (var distinct in new long[] { 1, 2, 5, 10, 100, 1_000, 10_000, 1_000_000, 1_000_000_000 })
        {
            var one = -Math.Exp(Math.Log(Alpha) / distinct) + 1;

            Assert.InRange(MismatchBound.Upper(0, distinct), one * (1 - 1e-6), one * 1.52);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 40)]
    [InlineData(50, 100)]
    [InlineData(99, 100)]
    [InlineData(1000, 3000)]
    public void Upper_SmallCounts_SolvesTheMixture(long wrong, long distinct)
    {
        var bound = MismatchBound.Upper(wrong, distinct);

        Assert.Equal(1 / Alpha, Mixture(wrong, distinct, bound), 1e-3);
    }

    [Fact]
    public void Upper_AnyCounts_LiesAboveTheRateAndFallsWithEvidence()
    {
        Assert.Equal(1, MismatchBound.Upper(0, 0));
        Assert.Equal(1, MismatchBound.Upper(7, 7));
        foreach (var distinct in new long[] { 10, 1_000, 1_000_000, 1_000_000_000 })
        {
            var last = 0.0;
            foreach (var wrong in new[] { 0, 1, distinct / 10, distinct / 2, distinct - 1 })
            {
                var bound = MismatchBound.Upper(wrong, distinct);
                Assert.True(bound > (double)wrong / distinct && bound >= last && bound <= 1);
                Assert.True(MismatchBound.Upper(wrong, distinct + 1) <= bound);
                Assert.True(MismatchBound.Upper(wrong, distinct, 0.01) >= bound);
                last = bound;
            }
        }
    }

    [Fact]
    public void Upper_WhatIsNoCount_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MismatchBound.Upper(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MismatchBound.Upper(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MismatchBound.Upper(0, 1, 0));
    }

    /// <summary>
    /// 5 % plus three standard deviations of a share of this many runs, so that a correct bound fails here once in
    /// about 700 seeds.
    /// </summary>
    private static double Allowed(int runs) => Alpha + (3 * Math.Sqrt(Alpha * (1 - Alpha) / runs));

    /// <summary>The share of runs in which the bound ever falls below the true rate.</summary>
    private static double Share(double rate, int runs, int length, Func<int, int, double> bound)
    {
        var random = new Random(20261124);
        var broken = 0;
        for (var run = 0; run < runs; run++)
        {
            var wrong = 0;
            for (var distinct = 1; distinct <= length; distinct++)
            {
                if (random.NextDouble() < rate)
                    wrong++;
                else if (bound(wrong, distinct) < rate)
                {
                    broken++;
                    break;
                }
            }
        }
        return (double)broken / runs;
    }

    private static Func<int, int, double> Upper() =>
        Memo((wrong, distinct) => MismatchBound.Upper(wrong, distinct, Alpha));

    private static Func<int, int, double> Memo(Func<int, int, double> bound)
    {
        var known = new Dictionary<(int, int), double>();
        return (wrong, distinct) =>
            known.TryGetValue((wrong, distinct), out var value)
                ? value
                : known[(wrong, distinct)] = bound(wrong, distinct);
    }

    /// <summary>
    /// The one-sided exact bound for a single look: the p at which this few wrong have the probability α.
    /// </summary>
    private static double ClopperPearson(int wrong, int distinct)
    {
        if (wrong == distinct)
            return 1;
        double low = 0,
            high = 1;
        for (var step = 0; step < 50; step++)
        {
            var middle = (low + high) / 2;
            if (AtMost(wrong, distinct, middle) > Alpha)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    private static double AtMost(int wrong, int distinct, double p)
    {
        double log = distinct * Math.Log(1 - p),
            sum = Math.Exp(log);
        for (var k = 1; k <= wrong; k++)
        {
            log += Math.Log((distinct - k + 1.0) / k) + Math.Log(p / (1 - p));
            sum += Math.Exp(log);
        }
        return sum;
    }

    /// <summary>The mixture by Simpson's rule, separate from the tested code.</summary>
    private static double Mixture(long wrong, long distinct, double p)
    {
        const int Steps = 200_000;
        var sum = 0.0;
        for (var step = 0; step <= Steps; step++)
        {
            var theta = p * step / Steps;
            var ratio = Math.Exp(
                (wrong == 0 ? 0 : wrong * Math.Log(theta / p)) + ((distinct - wrong) * Math.Log((1 - theta) / (1 - p)))
            );
            sum +=
                ratio
                * (
                    step is 0 or Steps ? 1
                    : step % 2 == 1 ? 4
                    : 2
                );
        }
        return sum / (3 * Steps);
    }
}
