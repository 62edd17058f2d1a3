using System.Globalization;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

public sealed class ReservoirTests
{
    private const int Items = 40;
    private const int Kept = 5;

    [Fact]
    public void Keep_ManyRuns_DrawsEachItemEquallyOften()
    {
        const int Runs = 2_000;
        const double Critical = 72.06; // chi-square, 39 degrees of freedom, 0.999
        var random = new Random(11);
        var drawn = new int[Items];
        for (var run = 0; run < Runs; run++)
        {
            foreach (var item in Run(random).OrderBy(example => example.Priority).Take(Kept))
                drawn[int.Parse(item.Report.Key!, CultureInfo.InvariantCulture)]++;
        }

        const double Expected = (double)Runs * Kept / Items;
        Assert.Equal(Runs * Kept, drawn.Sum());
        Assert.True(
            drawn.Sum(count => (count - Expected) * (count - Expected) / Expected) < Critical,
            string.Join(' ', drawn)
        );
    }

    [Fact]
    public void Keep_AnyRun_HoldsTheNewestAndNoMoreThanBoth()
    {
        var kept = Run(new Random(5));

        Assert.InRange(kept.Count, Kept, 2 * (Kept + EvidenceLimits.First));
        Assert.Superset(
            Enumerable
                .Range(Items - Kept, Kept)
                .Concat([0, 1])
                .Select(item => item.ToString(CultureInfo.InvariantCulture))
                .ToHashSet(),
            kept.Select(example => example.Report.Key!).ToHashSet()
        );
    }

    private static List<KeptExample> Run(Random random)
    {
        var batch = new ScopeBatch(Kept);
        for (var item = 0; item < Items; item++)
        {
            var comparison = Sampling.Of(
                Sampling.Part(item.ToString(CultureInfo.InvariantCulture), Sampling.Wrong("$.qty")),
                Sampling.At.AddSeconds(item)
            );
            batch.Add(comparison, Sampling.Examples(comparison, (ulong)random.NextInt64()));
        }
        return batch.Examples[("$.qty", "value")];
    }
}
