using System.Numerics;
using System.Text;
using CsCheck;
using Strangler.Comparing.Json;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class DecimalTextTests
{
    private static readonly Gen<(long Digits, int Power)> Numbers = Gen.Select(
        Gen.OneOf(Gen.Long, Gen.Long[-1000, 1000]),
        Gen.Int[-12, 12]
    );

    [Fact]
    public void CompareTo_AnyNumbers_IsAsWithBigIntegers() =>
        Gen.Select(Numbers, Numbers)
            .Sample(
                (a, b) =>
                {
                    DecimalText left = Read(Text(a)),
                        right = Read(Text(b));
                    var expected = Exact(a).CompareTo(Exact(b));
                    return Math.Sign(left.CompareTo(right)) == expected
                        && left.Equals(right) == (expected == 0)
                        && (expected != 0 || left.Hash() == right.Hash() && left.Canonical() == right.Canonical());
                },
                iter: 5000
            );

    [Fact]
    public void Within_AnyNumbers_IsAsWithBigIntegers() =>
        Gen.Select(Numbers, Gen.Long[-2000, 2000], Gen.Int[1, 3000], Gen.Bool)
            .Sample(
                (a, apart, most, relative) =>
                {
                    var b = (Digits: (long)(((Int128)a.Digits + apart) % long.MaxValue), a.Power);
                    var tolerance = relative ? most / 10_000m : most;
                    BigInteger left = Exact(a),
                        right = Exact(b),
                        distance = BigInteger.Abs(left - right);
                    var within = relative
                        ? distance * 10_000 <= most * BigInteger.Max(BigInteger.Abs(left), BigInteger.Abs(right))
                        : distance <= Exact((most, 0));
                    return DecimalText.Within(Read(Text(a)), Read(Text(b)), tolerance, relative) == within;
                },
                iter: 5000
            );

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("+1")]
    [InlineData("1 ")]
    [InlineData("NaN")]
    public void TryRead_NoNumber_IsFalse(string text) =>
        Assert.False(DecimalText.TryRead(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Equals_ExponentsBeyondSense_CostNothing()
    {
        Assert.True(Read("1e999999999999999999").Equals(Read("10e999999999999999998")));
        Assert.False(Read("1e99999999999999999999999").Equals(Read("10e99999999999999999999998")));
        Assert.True(Read("1e" + new string('9', 100_000)).Equals(Read("1e" + new string('9', 100_000))));
        Assert.True(Read("0e" + new string('9', 100_000)).Equals(Read("-0")));
        Assert.False(DecimalText.Within(Read("1e999999999"), Read("2e999999999"), 1m, relative: true));
    }

    private static DecimalText Read(string text) =>
        DecimalText.TryRead(Encoding.ASCII.GetBytes(text), out var number) ? number : throw new FormatException(text);

    private static string Text((long Digits, int Power) number) =>
        new Json.Num(number.Digits, number.Power).Write(new Random((int)(number.Digits % 1000) + number.Power)).Trim();

    /// <summary>Times 10^12, an integer for every number here.</summary>
    private static BigInteger Exact((long Digits, int Power) number) =>
        number.Digits * BigInteger.Pow(10, number.Power + 12);
}
