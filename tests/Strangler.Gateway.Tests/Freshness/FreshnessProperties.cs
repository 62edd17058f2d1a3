using CsCheck;
using Xunit;

namespace Strangler.Gateway.Tests.Freshness;

/// <summary>
/// Linearizability: no read that begins after a commit returned misses it, in whatever order things happen.
/// </summary>
public sealed class FreshnessProperties
{
    private const int Steps = 14;

    [Fact]
    public void Strict_ReadThatBeginsAfterACommitReturned_NeverMissesIt()
    {
        var answered = 0;

        Gen.Select(Gen.Int[0, Steps - 1], Gen.Int[0, 1_000])
            .Array[20, 200]
            .Sample(
                steps =>
                {
                    var world = new FreshnessWorld();
                    foreach (var (step, choice) in steps)
                        world.Step(step, choice);
                    Interlocked.Add(ref answered, world.Result.Answered);
                    return world.Result.Missed is null;
                },
                iter: 20_000
            );

        Assert.True(answered > 1_000, $"{answered} reads were answered.");
    }
}
