using System.Text;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

/// <summary>
/// Every PostgreSQL type with its most unusual values, as the log writes them, in every property type that may be
/// declared for it: the exact value or a refusal, never anything else.
/// </summary>
public sealed class SpecialValueTests
{
    private const string Forty = "1234567890123456789012345678901234567890";

    /// <summary>Represents a refusal.</summary>
    private static readonly object No = new();

    /// <summary>
    /// Type, oid, and the values: the log's JSON, its value as a string, and its value in each other property type.
    /// </summary>
    private static readonly (
        string Type,
        uint Oid,
        (string Json, string Text, (Type Type, object Value)[] Others)[] Values
    )[] Table =
    [
        ("boolean", 16, [("true", "true", [(typeof(bool), true)]), ("false", "false", [(typeof(bool), false)])]),
        (
            "smallint",
            21,
            [
                (
                    "-32768",
                    "-32768",
                    [
                        (typeof(short), short.MinValue),
                        (typeof(int), -32768),
                        (typeof(long), -32768L),
                        (typeof(decimal), -32768m),
                    ]
                ),
            ]
        ),
        (
            "integer",
            23,
            [
                (
                    "2147483647",
                    "2147483647",
                    [(typeof(int), int.MaxValue), (typeof(long), 2147483647L), (typeof(decimal), 2147483647m)]
                ),
            ]
        ),
        (
            "bigint",
            20,
            [
                (
                    "-9223372036854775808",
                    "-9223372036854775808",
                    [(typeof(long), long.MinValue), (typeof(decimal), -9223372036854775808m)]
                ),
            ]
        ),
        ("oid", 26, [("4294967295", "4294967295", [(typeof(long), 4294967295L), (typeof(decimal), 4294967295m)])]),
        (
            "real",
            700,
            [
                ("0.1", "0.1", [(typeof(float), 0.1f)]),
                ("-0", "-0", [(typeof(float), -0f)]),
                ("3.4028235e+38", "3.4028235e+38", [(typeof(float), float.MaxValue)]),
                ("1e-45", "1e-45", [(typeof(float), float.Epsilon)]),
                ("\"NaN\"", "NaN", [(typeof(float), float.NaN)]),
                ("\"-Infinity\"", "-Infinity", [(typeof(float), float.NegativeInfinity)]),
            ]
        ),
        (
            "double precision",
            701,
            [
                ("1.7976931348623157e+308", "1.7976931348623157e+308", [(typeof(double), double.MaxValue)]),
                ("5e-324", "5e-324", [(typeof(double), double.Epsilon)]),
                ("\"Infinity\"", "Infinity", [(typeof(double), double.PositiveInfinity)]),
            ]
        ),
        (
            "numeric",
            1700,
            [
                ("\"1.10\"", "1.10", [(typeof(decimal), 1.10m)]),
                (
                    "\"79228162514264337593543950335\"",
                    "79228162514264337593543950335",
                    [(typeof(decimal), decimal.MaxValue)]
                ),
                ("\"79228162514264337593543950336\"", "79228162514264337593543950336", [(typeof(decimal), No)]),
                ($"\"{Forty}\"", Forty, [(typeof(decimal), No)]),
                ($"\"0.{Forty}\"", $"0.{Forty}", [(typeof(decimal), No)]),
                ("\"1234567890123456789012345678.25\"", "1234567890123456789012345678.25", [(typeof(decimal), No)]),
                ($"\"1{new string('0', 400)}\"", $"1{new string('0', 400)}", [(typeof(decimal), No)]),
                ($"\"0.{new string('0', 400)}1\"", $"0.{new string('0', 400)}1", [(typeof(decimal), No)]),
                ("\"NaN\"", "NaN", [(typeof(decimal), No)]),
                ("\"-Infinity\"", "-Infinity", [(typeof(decimal), No)]),
            ]
        ),
        (
            "uuid",
            2950,
            [
                (
                    "\"7d9f6e0e-5f0b-4c53-9d0f-0d6e6f0c9a11\"",
                    "7d9f6e0e-5f0b-4c53-9d0f-0d6e6f0c9a11",
                    [(typeof(Guid), Guid.Parse("7d9f6e0e-5f0b-4c53-9d0f-0d6e6f0c9a11"))]
                ),
            ]
        ),
        (
            "date",
            1082,
            [
                ("\"0001-01-01Z\"", "0001-01-01Z", [(typeof(DateOnly), DateOnly.MinValue)]),
                ("\"9999-12-31Z\"", "9999-12-31Z", [(typeof(DateOnly), DateOnly.MaxValue)]),
                ("\"+10000-01-01Z\"", "+10000-01-01Z", [(typeof(DateOnly), No)]),
                ("\"+5874897-12-31Z\"", "+5874897-12-31Z", [(typeof(DateOnly), No)]),
                ("\"0044-03-15 BC\"", "0044-03-15 BC", [(typeof(DateOnly), No)]),
                ("\"4713-11-24 BC\"", "4713-11-24 BC", [(typeof(DateOnly), No)]),
                ("\"infinity\"", "infinity", [(typeof(DateOnly), No)]),
                ("\"-infinity\"", "-infinity", [(typeof(DateOnly), No)]),
            ]
        ),
        (
            "time without time zone",
            1083,
            [
                ("\"23:59:59.999999Z\"", "23:59:59.999999Z", [(typeof(TimeOnly), new TimeOnly(23, 59, 59, 999, 999))]),
                ("\"24:00:00Z\"", "24:00:00Z", [(typeof(TimeOnly), No)]),
            ]
        ),
        (
            "timestamp without time zone",
            1114,
            [
                ("\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00Z", [(typeof(DateTime), DateTime.MinValue)]),
                (
                    "\"9999-12-31T23:59:59.999999Z\"",
                    "9999-12-31T23:59:59.999999Z",
                    [(typeof(DateTime), new DateTime(9999, 12, 31, 23, 59, 59, 999, 999))]
                ),
                ("\"+10000-01-01T00:00:00Z\"", "+10000-01-01T00:00:00Z", [(typeof(DateTime), No)]),
                ("\"0044-03-15 00:00:00 BC\"", "0044-03-15 00:00:00 BC", [(typeof(DateTime), No)]),
                ("\"infinity\"", "infinity", [(typeof(DateTime), No)]),
            ]
        ),
        (
            "timestamp with time zone",
            1184,
            [
                (
                    "\"2026-11-27T23:00:00.500000Z\"",
                    "2026-11-27T23:00:00.500000Z",
                    [(typeof(DateTimeOffset), new DateTimeOffset(2026, 11, 27, 23, 0, 0, 500, TimeSpan.Zero))]
                ),
                (
                    "\"+294276-12-31T23:59:59.999999Z\"",
                    "+294276-12-31T23:59:59.999999Z",
                    [(typeof(DateTimeOffset), No)]
                ),
                ("\"4714-11-24 00:00:00+00 BC\"", "4714-11-24 00:00:00+00 BC", [(typeof(DateTimeOffset), No)]),
                ("\"-infinity\"", "-infinity", [(typeof(DateTimeOffset), No)]),
            ]
        ),
        (
            "bytea",
            17,
            [
                ("\"\"", "", [(typeof(byte[]), Array.Empty<byte>())]),
                ("\"AP8=\"", "AP8=", [(typeof(byte[]), new byte[] { 0, 255 })]),
            ]
        ),
        (
            "text",
            25,
            [
                ("\"\"", "", [(typeof(DayOfWeek), No)]),
                ("\"Monday\"", "Monday", [(typeof(DayOfWeek), DayOfWeek.Monday)]),
                (
                    "\"\\u0001\u200d\ud83d\ude00\u0130\\n\"",
                    "\u0001\u200d\ud83d\ude00\u0130\n",
                    [(typeof(DayOfWeek), No)]
                ),
            ]
        ),
        ("character varying(9)", 1043, [("\" x \"", " x ", [(typeof(DayOfWeek), No)])]),
        ("character(3)", 1042, [("\"a  \"", "a  ", [(typeof(DayOfWeek), No)])]),
        ("\"char\"", 18, [("\"\"", "", [(typeof(DayOfWeek), No)])]),
        ("name", 19, [("\"n\"", "n", [(typeof(DayOfWeek), No)])]),
        (
            "mood",
            16_400,
            [
                ("\"Friday\"", "Friday", [(typeof(DayOfWeek), DayOfWeek.Friday)]),
                ("\"sad\"", "sad", [(typeof(DayOfWeek), No)]),
            ]
        ),
        (
            "interval",
            1186,
            [
                (
                    "\"-178000000 years 1 mon -2 days +03:04:05.000001\"",
                    "-178000000 years 1 mon -2 days +03:04:05.000001",
                    []
                ),
            ]
        ),
        ("time with time zone", 1266, [("\"24:00:00-15:59\"", "24:00:00-15:59", [])]),
        ("money", 790, [("\"-$92,233,720,368,547,758.08\"", "-$92,233,720,368,547,758.08", [])]),
        ("jsonb", 3802, [("\"{\\\"a\\\": 1e400}\"", "{\"a\": 1e400}", [])]),
        ("int4range", 3904, [("\"empty\"", "empty", [])]),
        ("point", 600, [("\"(NaN,Infinity)\"", "(NaN,Infinity)", [])]),
        ("xml", 142, [("\"<a/>\"", "<a/>", [])]),
        ("inet", 869, [("\"::ffff:1.2.3.4/128\"", "::ffff:1.2.3.4/128", [])]),
        ("tsvector", 3614, [("\"'a':1A\"", "'a':1A", [])]),
        ("bit varying", 1562, [("\"\"", "", [])]),
        ("pg_lsn", 3220, [("\"FFFFFFFF/FFFFFFFF\"", "FFFFFFFF/FFFFFFFF", [])]),
        (
            "integer[]",
            1007,
            [
                (
                    "[]",
                    "[]",
                    [
                        (typeof(int[]), Array.Empty<int>()),
                        (typeof(long[]), Array.Empty<long>()),
                        (typeof(decimal[]), Array.Empty<decimal>()),
                        (typeof(string[]), Array.Empty<string>()),
                    ]
                ),
                (
                    "[1,null]",
                    "[1,null]",
                    [
                        (typeof(int?[]), new int?[] { 1, null }),
                        (typeof(int[]), No),
                        (typeof(long[]), No),
                        (typeof(decimal[]), No),
                        (typeof(string[]), No),
                    ]
                ),
                (
                    "[[1,2],[3,4]]",
                    "[[1,2],[3,4]]",
                    [
                        (typeof(int[]), No),
                        (typeof(long[]), No),
                        (typeof(decimal[]), No),
                        (typeof(string[]), new[] { "[1,2]", "[3,4]" }),
                    ]
                ),
            ]
        ),
        (
            "numeric[]",
            1231,
            [
                (
                    $"[\"NaN\",\"{Forty}\"]",
                    $"[\"NaN\",\"{Forty}\"]",
                    [(typeof(decimal[]), No), (typeof(string[]), new[] { "NaN", Forty })]
                ),
            ]
        ),
        (
            "date[]",
            1182,
            [("[\"infinity\"]", "[\"infinity\"]", [(typeof(DateOnly[]), No), (typeof(string[]), new[] { "infinity" })])]
        ),
        (
            "text[]",
            1009,
            [("[\"\",\"a,b\"]", "[\"\",\"a,b\"]", [(typeof(string[]), new[] { "", "a,b" }), (typeof(DayOfWeek[]), No)])]
        ),
        (
            "mood[]",
            16_401,
            [
                (
                    "[\"Monday\",\"sad\"]",
                    "[\"Monday\",\"sad\"]",
                    [(typeof(string[]), new[] { "Monday", "sad" }), (typeof(DayOfWeek[]), No)]
                ),
            ]
        ),
    ];

    public static TheoryData<int, int> Places
    {
        get
        {
            var places = new TheoryData<int, int>();
            foreach (var (type, (_, _, values)) in Table.Index())
            {
                for (var value = 0; value < values.Length; value++)
                    places.Add(type, value);
            }
            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Read_SpecialValueInEveryPropertyTypeThatMayBeDeclared_IsTheValueOrARefusal(int type, int value)
    {
        var (name, oid, values) = Table[type];
        var (json, text, others) = values[value];
        var column = new ColumnSchema("value", name, oid, false, null);

        // The table covers every type that may be declared, so that a new one can't be forgotten.
        var allowed = ColumnTypes
            .For(column)
            .Select(one =>
                one == typeof(Enum) ? typeof(DayOfWeek)
                : one == typeof(Enum[]) ? typeof(DayOfWeek[])
                : one
            )
            .ToHashSet();
        Assert.Equal(
            allowed.Select(one => one.Name).Order(),
            others
                .Select(one => one.Type)
                .Where(one => one != typeof(int?[]))
                .Append(typeof(string))
                .Select(one => one.Name)
                .Distinct()
                .Order()
        );

        Assert.Equal(text, Read(typeof(string), column, json));
        foreach (var (property, expected) in others)
        {
            if (expected != No)
                Assert.Equal(expected, Read(property, column, json));
            else
                Assert.Throws<RowReadException>(() => Read(property, column, json));
        }
    }

    private static object? Read(Type property, ColumnSchema column, string json)
    {
        Assert.True(ColumnTypes.Fits(property, column), $"{property.Name} for {column.Type}");
        var row = typeof(Holder<>).MakeGenericType(property);
        var faults = new List<Fault>();
        var shape = RowShape.Of(row, "p", faults);
        Assert.Empty(faults);
        var read = RowReader.Compile(shape!, "public.t")(Encoding.UTF8.GetBytes("{\"value\":" + json + "}"));
        return row.GetProperty("Value")!.GetValue(read);
    }

    public sealed record Holder<T>(T Value)
        where T : notnull;
}
