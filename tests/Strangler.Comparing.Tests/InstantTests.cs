using System.Globalization;
using System.Text;
using CsCheck;
using Strangler.Comparing.Json;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class InstantTests
{
    [Fact]
    public void TryParse_AnyMoment_IsThatOfTheRuntime() =>
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay * 2], Gen.Int[-14 * 60, 14 * 60])
            .Sample(
                (ticks, minutes) =>
                {
                    var moment = new DateTimeOffset(ticks + TimeSpan.TicksPerDay, TimeSpan.FromMinutes(minutes));
                    return Instant.TryParse(
                            Encoding.ASCII.GetBytes(
                                moment.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture)
                            ),
                            out var read
                        )
                        && read.HasOffset
                        && read.Ticks == moment.UtcTicks;
                },
                iter: 2000
            );

    [Theory]
    [InlineData("2026-11-24T07:42:16Z", "2026-11-24t08:42:16+01:00")]
    [InlineData("2026-11-24T07:42:16Z", "2026-11-24 02:42:16,000-0500")]
    [InlineData("2026-11-24T24:00:00Z", "2026-11-25T00:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00")]
    [InlineData("2026-11-24", "2026-11-24T00:00:00")]
    public void TryParse_OtherSpellings_AreTheSame(string one, string two)
    {
        Assert.True(Instant.TryParse(Encoding.ASCII.GetBytes(one), out var first));
        Assert.True(Instant.TryParse(Encoding.ASCII.GetBytes(two), out var second));
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01")]
    [InlineData("0000-01-01")]
    [InlineData("2026-11-24T")]
    [InlineData("2026-11-24T25:00:00Z")]
    [InlineData("2026-11-24T24:00:01Z")]
    [InlineData("2026-11-24T07:42:16.Z")]
    [InlineData("2026-11-24T07:42:16ZZ")]
    [InlineData("2026-11-24T07:42:16+1")]
    [InlineData("20261124T074216Z")]
    public void TryParse_NoInstant_IsFalse(string text) =>
        Assert.False(Instant.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
