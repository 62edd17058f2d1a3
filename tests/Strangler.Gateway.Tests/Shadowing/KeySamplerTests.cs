using CsCheck;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class KeySamplerTests
{
    private const int Keys = 20_000;

    [Fact]
    public void Includes_GreaterShare_LosesNoKey() =>
        Gen.Select(Gen.String.Array[1, 4], Gen.Double[0, 1], Gen.Double[0, 1])
            .Sample(
                (keys, one, other) =>
                    !KeySampler.Includes(KeySampler.ShadowSeed, keys, Math.Min(one, other))
                    || KeySampler.Includes(KeySampler.ShadowSeed, keys, Math.Max(one, other)),
                iter: 2_000
            );

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void Includes_ManyKeys_AreTheShareWithinFiveStandardDeviations(double share)
    {
        var included = Enumerable
            .Range(0, Keys)
            .Count(key => KeySampler.Includes(KeySampler.ShadowSeed, [$"{key}"], share));

        Assert.InRange(
            included,
            Keys * share - 5 * Math.Sqrt(Keys * share * (1 - share)),
            Keys * share + 5 * Math.Sqrt(Keys * share * (1 - share))
        );
    }

    [Fact]
    public void Includes_TwoSeeds_AreIndependent()
    {
        var both = Enumerable
            .Range(0, Keys)
            .Count(key =>
                KeySampler.Includes(KeySampler.ShadowSeed, [$"{key}"], 0.3)
                && KeySampler.Includes("canary", [$"{key}"], 0.4)
            );

        Assert.InRange(
            both,
            Keys * 0.12 - 5 * Math.Sqrt(Keys * 0.12 * 0.88),
            Keys * 0.12 + 5 * Math.Sqrt(Keys * 0.12 * 0.88)
        );
    }

    /// <summary>The same at every gateway and every day.</summary>
    [Fact]
    public void Includes_KnownKeys_StayWhereTheyAre() =>
        Assert.Equal(
            "01000010001111010110",
            string.Concat(
                Enumerable
                    .Range(0, 20)
                    .Select(key => KeySampler.Includes(KeySampler.ShadowSeed, [$"{key}"], 0.5) ? '1' : '0')
            )
        );

    [Fact]
    public void Includes_ListsThatWouldRunTogether_HavePlacesOfTheirOwn()
    {
        var apart = Enumerable
            .Range(0, 200)
            .Count(key =>
                KeySampler.Includes("s", [$"a{key}", "b"], 0.5) != KeySampler.Includes("s", [$"a{key}b"], 0.5)
            );

        Assert.InRange(apart, 50, 150);
    }
}
