using CsCheck;
using Strangler.Projections.Declaring;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

public sealed class LinkTextTests
{
    internal enum Code : short
    {
        None = -1,
        Some = 4,
    }

    [Fact]
    public void Text_TwoValues_IsEqualWhereTheValuesAre()
    {
        EqualTextsForEqualValues(Gen.Bool);
        EqualTextsForEqualValues(Gen.Short);
        EqualTextsForEqualValues(Gen.Int);
        EqualTextsForEqualValues(Gen.Long);
        EqualTextsForEqualValues(Gen.ULong);
        EqualTextsForEqualValues(Gen.Float);
        EqualTextsForEqualValues(Gen.Double);
        EqualTextsForEqualValues(Gen.Decimal);
        EqualTextsForEqualValues(
            Gen.OneOf(
                Gen.Select(
                    Gen.Int,
                    Gen.Int[0, 28],
                    (value, scale) =>
                        new decimal(
                            Math.Abs((long)value) > int.MaxValue ? 0 : Math.Abs(value),
                            0,
                            0,
                            value < 0,
                            (byte)scale
                        )
                ),
                OneOf(0m, -0.0m, 0.00m, 5m, 5.0m, 50m)
            )
        );
        EqualTextsForEqualValues(Gen.Guid);
        EqualTextsForEqualValues(Gen.DateOnly);
        EqualTextsForEqualValues(Gen.TimeOnly);
        EqualTextsForEqualValues(Gen.TimeSpan);
        EqualTextsForEqualValues(
            Gen.Select(
                Gen.DateTime,
                OneOf(DateTimeKind.Unspecified, DateTimeKind.Utc, DateTimeKind.Local),
                DateTime.SpecifyKind
            )
        );
        EqualTextsForEqualValues(
            Gen.Select(
                Gen.Long[DateTime.UnixEpoch.Ticks, DateTime.UnixEpoch.AddYears(90).Ticks],
                Gen.Int[-14, 14],
                (ticks, hours) => new DateTimeOffset(ticks, TimeSpan.FromHours(hours))
            )
        );
        EqualTextsForEqualValues(Gen.String[Gen.Char['\u0001', '\ud7ff'], 0, 8]);
        EqualTextsForEqualValues(OneOf(Code.None, Code.Some, (Code)4, (Code)9));
        var parts = Gen.String[OneOf('a', '|', '\\'), 0, 3];
        EqualTextsForEqualValues(Gen.Select(parts, parts));
        EqualTextsForEqualValues(Gen.Select(parts, parts, Gen.Int[0, 2]));
    }

    [Fact]
    public void Text_NumbersOfAllWidths_Agrees() =>
        Gen
            .SByte.Where(value => value >= 0)
            .Sample(value =>
            {
                var texts = new[]
                {
                    Text<byte>((byte)value),
                    Text(value),
                    Text<short>(value),
                    Text<ushort>((ushort)value),
                    Text<int>(value),
                    Text<uint>((uint)value),
                    Text<long>(value),
                    Text<ulong>((ulong)value),
                    Text<decimal>(value),
                    Text(value / 1.000m),
                    Text<double>(value),
                    Text<int?>(value),
                };

                Assert.Single(texts.Distinct());
            });

    [Fact]
    public void Text_Values_AreReadBack()
    {
        Gen.Decimal.Sample(value =>
            decimal.Parse(Text(value)!, System.Globalization.CultureInfo.InvariantCulture) == value
        );
        Gen.Double.Sample(value =>
            double.Parse(Text(value)!, System.Globalization.CultureInfo.InvariantCulture).Equals(value == 0 ? 0 : value)
        );
        Gen.String[Gen.Char['\u0001', '\ud7ff'], 0, 8].Sample(value => Text(value) == value);
        Gen.DateTime.Sample(value =>
            DateTime.ParseExact(Text(value)!, "O", System.Globalization.CultureInfo.InvariantCulture) == value
        );
    }

    [Fact]
    public void Text_Null_JoinsNothing()
    {
        Assert.Null(Text<int?>(null));
        Assert.Null(Text<string?>(null));
        Assert.Null(Text<(string?, int)>((null, 1)));
        Assert.Null(Text<(string, int?)>(("a", null)));
    }

    [Fact]
    public void Text_CharactersThatTheStoreCannotHold_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => Text("a\0"));
        Assert.Throws<InvalidOperationException>(() => Text("\udc00\ud800"));
        Assert.Equal("\ud83d\ude00", Text("\ud83d\ude00"));
    }

    [Fact]
    public void Of_TypesWithoutCanonicalText_IsNull()
    {
        Assert.Null(LinkText.Of<object>());
        Assert.Null(LinkText.Of<int[]>());
        Assert.Null(LinkText.Of<(int, Uri)>());
        Assert.Null(LinkText.Of<Uri?>());
    }

    private static void EqualTextsForEqualValues<TValue>(Gen<TValue> values) =>
        Gen.Select(values, Gen.OneOf(values, values.Select(value => value)), Gen.Bool)
            .Select((left, right, same) => (left, same ? left : right))
            .Sample(pair =>
                EqualityComparer<TValue>.Default.Equals(pair.left, pair.Item2) == (Text(pair.left) == Text(pair.Item2))
            );

    private static Gen<TValue> OneOf<TValue>(params TValue[] values) =>
        Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string? Text<TValue>(TValue value) => LinkText.Of<TValue>()!(value);
}
