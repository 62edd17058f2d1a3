using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

public sealed class RowReaderTests
{
    internal enum Grade
    {
        New,
        AsGood,

        [System.Runtime.Serialization.EnumMember(Value = "B-stock")]
        Second,
    }

    internal sealed record All(
        bool Flag,
        short Small,
        int Whole,
        long Large,
        float Single,
        double Double,
        decimal Price,
        string Text,
        Guid Id,
        DateOnly Day,
        TimeOnly At,
        DateTime Stamp,
        DateTimeOffset Instant,
        byte[] Bytes,
        Grade Grade
    );

    internal sealed record AllNullable(
        bool? Flag,
        short? Small,
        int? Whole,
        long? Large,
        float? Single,
        double? Double,
        decimal? Price,
        string? Text,
        Guid? Id,
        DateOnly? Day,
        TimeOnly? At,
        DateTime? Stamp,
        DateTimeOffset? Instant,
        byte[]? Bytes,
        Grade? Grade,
        int[]? Numbers
    );

    internal sealed record Arrays(
        int[] Numbers,
        int?[] Holes,
        string[] Names,
        string?[] Gaps,
        decimal[] Prices,
        byte[][] Blobs,
        Grade[] Grades
    );

    internal sealed class Settable
    {
        public required string Sku { get; init; }

        [Column("qty")]
        public int OnHand { get; set; }

        public int Doubled => OnHand * 2;

        [NotMapped]
        public object? Note { get; set; }
    }

    internal sealed record Mixed(string Sku)
    {
        public int OnHand { get; init; }
    }

    private static readonly Gen<All> Rows =
        from flag in Gen.Bool
        from numbers in Gen.Select(Gen.Short, Gen.Int, Gen.Long)
        from single in Gen.Float
        from real in Gen.Double
        from price in Gen.Decimal
        from text in Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\u00a1', '\u05ff']), 0, 20]
        from id in Gen.Guid
        from day in Gen.DateOnly
        from at in Gen.Long[0, (864_000_000_000 / 10) - 1]
        from stamp in Gen.Long[0, DateTime.MaxValue.Ticks / 10]
        from instant in Gen.Long[0, DateTime.MaxValue.Ticks / 10]
        from bytes in Gen.Byte.Array[0, 40]
        from grade in Gen.Int[0, 2].Select(value => (Grade)value)
        select new All(
            flag,
            numbers.Item1,
            numbers.Item2,
            numbers.Item3,
            single,
            real,
            price,
            text,
            id,
            day,
            new TimeOnly(at * 10),
            new DateTime(stamp * 10),
            new DateTimeOffset(instant * 10, TimeSpan.Zero),
            bytes,
            grade
        );

    [Fact]
    public void Read_RowAsTheLogWritesIt_IsTheRow() =>
        Rows.Sample(row =>
        {
            var read = Read<All>(LogJson(row));

            Assert.Equal(row with { Bytes = [] }, read with { Bytes = [] });
            Assert.Equal(row.Bytes, read.Bytes);
            Assert.Equal(DateTimeKind.Unspecified, read.Stamp.Kind);
        });

    [Fact]
    public void Read_MembersInAnyOrderWithOthersBetween_IsTheRow() =>
        Gen.Shuffle(new[] { "\"sku\":\"a\"", "\"qty\":7", "\"other\":{\"sku\":[1,{}]}", "\"more\":null" })
            .Sample(members =>
            {
                var read = Read<Settable>("{" + string.Join(",", members) + "}");

                Assert.Equal(("a", 7, 14), (read.Sku, read.OnHand, read.Doubled));
            });

    [Fact]
    public void Read_RecordWithFurtherProperties_SetsBoth() =>
        Assert.Equal(new Mixed("a") { OnHand = 3 }, Read<Mixed>("""{"on_hand":3,"sku":"a"}"""));

    [Fact]
    public void Read_NullsInNullableProperties_AreNulls()
    {
        var columns = Shape<AllNullable>().Properties.Select(property => $"\"{property.Column.Name}\":null");

        Assert.Equal(
            new AllNullable(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null
            ),
            Read<AllNullable>("{" + string.Join(",", columns) + "}")
        );
    }

    [Fact]
    public void Read_ValuesInNullableProperties_AreTheValues() =>
        Rows.Sample(row =>
        {
            var read = Read<AllNullable>(LogJson(row)[..^1] + ",\"numbers\":[1,2]}");

            Assert.Equal(
                new AllNullable(
                    row.Flag,
                    row.Small,
                    row.Whole,
                    row.Large,
                    row.Single,
                    row.Double,
                    row.Price,
                    row.Text,
                    row.Id,
                    row.Day,
                    row.At,
                    row.Stamp,
                    row.Instant,
                    null,
                    row.Grade,
                    null
                ),
                read with
                {
                    Bytes = null,
                    Numbers = null,
                }
            );
            Assert.Equal(row.Bytes, read.Bytes);
            Assert.Equal([1, 2], read.Numbers!);
        });

    [Fact]
    public void Read_Arrays_KeepNullsWhereElementsTakeThem()
    {
        var read = Read<Arrays>(
            """{"numbers":[1,2],"holes":[1,null],"names":["a"],"gaps":["a",null],"prices":["1.50"]"""
                + ""","blobs":["AQI="],"grades":["as_good"]}"""
        );

        Assert.Equal([1, 2], read.Numbers);
        Assert.Equal([1, null], read.Holes);
        Assert.Equal(["a"], read.Names);
        Assert.Equal(["a", null], read.Gaps);
        Assert.Equal([1.50m], read.Prices);
        Assert.Equal(
            [
                [1, 2],
            ],
            read.Blobs
        );
        Assert.Equal([Grade.AsGood], read.Grades);
    }

    [Theory]
    [InlineData("price", "\"79228162514264337593543950335\"", "79228162514264337593543950335")]
    [InlineData("price", "\"-0.0000000000000000000000000001\"", "-0.0000000000000000000000000001")]
    [InlineData("price", "\"1234567890.123456789012345678\"", "1234567890.123456789012345678")]
    [InlineData("price", "7", "7")]
    [InlineData("day", "\"0001-01-01Z\"", "01/01/0001")]
    [InlineData("day", "\"9999-12-31Z\"", "12/31/9999")]
    [InlineData("single", "\"-Infinity\"", "-Infinity")]
    [InlineData("double", "\"NaN\"", "NaN")]
    [InlineData("double", "1e-320", "1E-320")]
    [InlineData("large", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("stamp", "\"0001-01-01T00:00:00.000001Z\"", "0001-01-01T00:00:00.0000010")]
    [InlineData("stamp", "\"9999-12-31T23:59:59.999999Z\"", "9999-12-31T23:59:59.9999990")]
    [InlineData("stamp", "\"2026-11-24T07:42:16Z\"", "2026-11-24T07:42:16.0000000")]
    [InlineData("at", "\"23:59:59.999999Z\"", "23:59:59.9999990")]
    [InlineData("at", "\"07:42:16Z\"", "07:42:16.0000000")]
    [InlineData("grade", "\"New\"", "New")]
    [InlineData("grade", "\"B-stock\"", "Second")]
    public void Read_Extreme_IsExact(string column, string json, string expected)
    {
        var read = Read<All>(With(column, json));
        var value = typeof(All)
            .GetProperties()
            .Single(property => ColumnNameConvention.Of(property) == column)
            .GetValue(read);

        Assert.Equal(
            expected,
            value is DateTime or TimeOnly
                ? ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture)
                : Convert.ToString(value, CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [InlineData("flag", "null")]
    [InlineData("flag", "1")]
    [InlineData("small", "32768")]
    [InlineData("whole", "2147483648")]
    [InlineData("whole", "\"7\"")]
    [InlineData("whole", "1.5")]
    [InlineData("large", "9223372036854775808")]
    [InlineData("price", "\"NaN\"")]
    [InlineData("price", "\"79228162514264337593543950336\"")]
    [InlineData("price", "\"0.00000000000000000000000000001\"")]
    [InlineData("price", "1.5")]
    [InlineData("text", "null")]
    [InlineData("bytes", "\"%\"")]
    [InlineData("day", "\"infinity\"")]
    [InlineData("day", "\"+12026-01-01Z\"")]
    [InlineData("stamp", "\"-infinity\"")]
    [InlineData("stamp", "\"2026-11-24T07:42:16+01:00\"")]
    [InlineData("instant", "\"infinity\"")]
    [InlineData("at", "\"24:00:00Z\"")]
    [InlineData("grade", "\"asgood\"")]
    [InlineData("grade", "\"1\"")]
    [InlineData("id", "\"7\"")]
    public void Read_ValueThatThePropertyCannotHold_IsASentence(string column, string json)
    {
        var exception = Assert.Throws<RowReadException>(() => Read<All>(With(column, json)));

        Assert.Contains("public.all", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"'{column}'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sku":"a"}""", "'qty'")]
    [InlineData("""[]""", "not a JSON object")]
    [InlineData("""{"sku":"a","qty":""", "public.all")]
    public void Read_RowWithoutAColumnOrNotJson_NeverBecomesADefault(string json, string said) =>
        Assert.Contains(
            said,
            Assert.Throws<RowReadException>(() => Read<Settable>(json)).Message,
            StringComparison.Ordinal
        );

    private static string With(string column, string json) =>
        LogJson(
            new All(true, 1, 2, 3, 4, 5, 6, "", Guid.Empty, default, default, default, default, [], Grade.New),
            (column, json)
        );

    /// <summary>The row as the log's profile writes it.</summary>
    private static string LogJson(All row, (string Column, string Json)? other = null)
    {
        var values = new List<(string Column, string Json)>
        {
            ("flag", row.Flag ? "true" : "false"),
            ("small", Text(row.Small)),
            ("whole", Text(row.Whole)),
            ("large", Text(row.Large)),
            ("single", Real(row.Single)),
            ("double", Real(row.Double)),
            ("price", Quoted(row.Price.ToString(CultureInfo.InvariantCulture))),
            ("text", Quoted(row.Text)),
            ("id", Quoted(row.Id.ToString())),
            ("day", Quoted(row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "Z")),
            ("at", Quoted(row.At.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "Z")),
            ("stamp", Quoted(row.Stamp.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "Z")),
            (
                "instant",
                Quoted(
                    row.Instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "Z"
                )
            ),
            ("bytes", Quoted(Convert.ToBase64String(row.Bytes))),
            (
                "grade",
                Quoted(
                    row.Grade switch
                    {
                        Grade.AsGood => "as_good",
                        Grade.Second => "B-stock",
                        _ => "new",
                    }
                )
            ),
        };
        if (other is { } replaced)
            values = [.. values.Select(value => value.Column == replaced.Column ? replaced : value)];
        return "{" + string.Join(",", values.Select(value => $"\"{value.Column}\":{value.Json}")) + "}";

        static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
        static string Quoted(string text) => JsonSerializer.Serialize(text);
        static string Real<TReal>(TReal value)
            where TReal : IFormattable =>
            value.ToString("R", CultureInfo.InvariantCulture) is var text
            && double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture))
                ? text
                : Quoted(text);
    }

    private static RowShape Shape<TRow>()
    {
        var faults = new List<Fault>();
        var shape = RowShape.Of(typeof(TRow), "test", faults);
        Assert.Empty(faults);
        return shape!;
    }

    private static TRow Read<TRow>(string json) =>
        (TRow)RowReader.Compile(Shape<TRow>(), "public.all")(Encoding.UTF8.GetBytes(json));
}
