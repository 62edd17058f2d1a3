using CsCheck;
using Strangler.Evidence.Gates;
using Xunit;

namespace Strangler.Evidence.Tests.Gates;

public sealed class UnseenMassTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 10_000, 0.046368)]
    [InlineData(300, 10_000, 0.076368)]
    [InlineData(0, 1_000_000, 0.004637)]
    [InlineData(12, 12, 1)]
    public void Upper_OfCounts_IsTheEstimateAndWhatChanceAllows(long once, long named, double upper) =>
        Assert.Equal(upper, UnseenMass.Upper(once, named), 6);

    [Fact]
    public void Estimate_IsTheShareOfKeysNamedOnce() => Assert.Equal(0.03, UnseenMass.Estimate(300, 10_000));

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Upper_ImpossibleCounts_Throws(long once, long named) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UnseenMass.Upper(once, named));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Upper_AlphaThatIsNoProbability_Throws(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UnseenMass.Upper(1, 5, alpha));

    [Fact]
    public void Upper_MoreKeysNamedOnce_IsNeverLessAndMoreNamingsNeverMore() =>
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Double[0, 1])
            .Sample(
                (named, share) =>
                {
                    var once = (long)(share * (named - 1));
                    var upper = UnseenMass.Upper(once, named);
                    return upper >= UnseenMass.Estimate(once, named)
                        && upper <= UnseenMass.Upper(once + 1, named)
                        && upper >= UnseenMass.Upper(once, named + 1);
                }
            );

    /// <summary>
    /// Keys are asked for as in shops: few very often, most seldom. Also for one key, and for as many as requests.
    /// </summary>
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(50, 0.0)]
    [InlineData(500, 1.0)]
    [InlineData(5_000, 1.0)]
    [InlineData(5_000, 0.0)]
    [InlineData(50_000, 0.5)]
    public void Upper_OfDrawnTraffic_CoversWhatWasNotSeenInNineteenOfTwentyRuns(int keys, double skew)
    {
        var weights = Enumerable.Range(1, keys).Select(rank => Math.Pow(rank, -skew)).ToArray();
        var total = weights.Sum();
        var sums = new double[keys];
        for (var key = 0; key < keys; key++)
            sums[key] = (key == 0 ? 0 : sums[key - 1]) + (weights[key] / total);
        var random = new Random(7);
        var covered = 0;
        const int Runs = 200;
        for (var run = 0; run < Runs; run++)
        {
            var counts = new int[keys];
            const int Requests = 2_000;
            for (var request = 0; request < Requests; request++)
            {
                var place = Array.BinarySearch(sums, random.NextDouble());
                counts[Math.Min(keys - 1, place < 0 ? ~place : place)]++;
            }
            var unseen = counts.Select((count, key) => count == 0 ? weights[key] / total : 0).Sum();
            if (unseen <= UnseenMass.Upper(counts.Count(count => count == 1), Requests))
                covered++;
        }

        Assert.True(covered >= 0.95 * Runs, $"Only {covered} of {Runs} runs are covered.");
    }
}
