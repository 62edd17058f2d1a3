using CsCheck;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>No read of a caller misses what they have written or seen, in whatever order things happen.</summary>
public sealed class SessionProperties
{
    [Fact]
    public void Session_ReadWithAToken_NeverMissesWhatWasCommittedBeforeIt()
    {
        var answered = 0;

        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000])
            .Array[20, 200]
            .Sample(
                steps =>
                {
                    var world = new SessionWorld();
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
