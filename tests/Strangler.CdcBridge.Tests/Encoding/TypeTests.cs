using System.Globalization;
using System.Text.Json;
using CsCheck;
using Strangler.CdcBridge.Encoding;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Encoding;

/// <summary>
/// Every type through the real server, once read by the snapshot and once sent by the stream: both must be equal.
/// </summary>
public sealed class TypeTests(PostgresFixture postgres)
{
    private const string Types = """
        create type mood as enum ('sad', 'ok', 'very happy');
        create type pair as (a int, b text);
        create domain price as numeric(10,2);
        create domain prices as numeric(10,2)[];
        """;

    /// <summary>Type, value in SQL, JSON.</summary>
    public static TheoryData<string, string, string> Values =>
        new()
        {
            { "bool", "true", "true" },
            { "bool", "false", "false" },
            { "int2", "-32768", "-32768" },
            { "int4", "2147483647", "2147483647" },
            { "int8", "-9223372036854775808", "-9223372036854775808" },
            { "oid", "4294967295", "4294967295" },
            { "float4", "1.5", "1.5" },
            { "float4", "'NaN'", "\"NaN\"" },
            { "float8", "'-Infinity'", "\"-Infinity\"" },
            { "float8", "1e300", "1e+300" },
            { "float8", "'-0'", "-0" },
            { "float8", "0.1::float8 + 0.2::float8", "0.30000000000000004" },
            { "numeric", "12345678901234567890.12345", "\"12345678901234567890.12345\"" },
            { "numeric(8,3)", "1.5", "\"1.500\"" },
            { "numeric", "'NaN'", "\"NaN\"" },
            { "numeric", "'Infinity'", "\"Infinity\"" },
            { "price", "19.99", "\"19.99\"" },
            { "prices", "'{1,2.5}'", "[\"1.00\",\"2.50\"]" },
            { "money", "-1234.56", "\"-$1,234.56\"" },
            { "text", """E'line\nbreak "quoted" \\ \x01 é 😀'""", "\"line\\nbreak \\\"quoted\\\" \\\\ \\u0001 é 😀\"" },
            { "varchar(5)", "''", "\"\"" },
            { "char(5)", "'ab'", "\"ab   \"" },
            { "name", "'n'", "\"n\"" },
            { "\"char\"", "'x'", "\"x\"" },
            { "uuid", "'6F1C2C1E-5b1d-4a3b-8c5e-1f2a3b4c5d6e'", "\"6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d6e\"" },
            { "mood", "'very happy'", "\"very happy\"" },
            { "json", "'{\"b\": 1,  \"a\": [1,2]}'", "\"{\\\"b\\\": 1,  \\\"a\\\": [1,2]}\"" },
            { "jsonb", "'{\"b\": 1,  \"a\": [1,2]}'", "\"{\\\"a\\\": [1, 2], \\\"b\\\": 1}\"" },
            { "xml", "'<a>1</a>'", "\"<a>1</a>\"" },
            { "bytea", "'\\xdeadbeef00'", "\"3q2+7wA=\"" },
            { "bytea", "''", "\"\"" },
            { "date", "'2026-11-24'", "\"2026-11-24Z\"" },
            { "date", "'infinity'", "\"infinity\"" },
            { "date", "'12026-11-24'", "\"+12026-11-24Z\"" },
            { "date", "'0044-03-15 BC'", "\"0044-03-15 BC\"" },
            { "time", "'07:42:16.123456'", "\"07:42:16.123456Z\"" },
            { "time", "'24:00:00'", "\"24:00:00Z\"" },
            { "timetz", "'13:14:15.5+02'", "\"13:14:15.5+02\"" },
            { "timestamp", "'2026-11-24 07:42:16.5'", "\"2026-11-24T07:42:16.5Z\"" },
            { "timestamp", "'-infinity'", "\"-infinity\"" },
            { "timestamptz", "'2026-11-24 07:42:16.5+05:30'", "\"2026-11-24T02:12:16.500000Z\"" },
            { "timestamptz(3)", "'2026-11-24 07:42:16+00'", "\"2026-11-24T07:42:16.000Z\"" },
            { "timestamptz", "'infinity'", "\"infinity\"" },
            { "interval", "'1 year 2 months 3 days 04:05:06.789'", "\"1 year 2 mons 3 days 04:05:06.789\"" },
            { "inet", "'192.168.1.5'", "\"192.168.1.5\"" },
            { "cidr", "'10.1.0.0/16'", "\"10.1.0.0/16\"" },
            { "bit(3)", "B'101'", "\"101\"" },
            { "point", "'(1.5,-2)'", "\"(1.5,-2)\"" },
            { "int4range", "'[1,10)'", "\"[1,10)\"" },
            { "pair", "row(1, 'x y')::pair", "\"(1,\\\"x y\\\")\"" },
            { "box[]", "'{(1,1),(0,0);(2,2),(1,1)}'", "\"{(1,1),(0,0);(2,2),(1,1)}\"" },
            { "int4[]", "'{1,2,NULL}'", "[1,2,null]" },
            { "int4[]", "'{{1,2},{3,4}}'", "[[1,2],[3,4]]" },
            { "int4[]", "'[0:1]={1,2}'", "[1,2]" },
            {
                "text[]",
                """'{"a,b","c\"d",NULL,"","NULL","{x}"}'""",
                "[\"a,b\",\"c\\\"d\",null,\"\",\"NULL\",\"{x}\"]"
            },
            { "text[]", "'{}'", "[]" },
            { "bool[]", "'{t,f}'", "[true,false]" },
            { "float8[]", "'{1.5,NaN}'", "[1.5,\"NaN\"]" },
            { "timestamptz[]", "'{2024-01-01 00:00:00+00}'", "[\"2024-01-01T00:00:00.000000Z\"]" },
            { "bytea[]", """'{"\\xdead"}'""", "[\"3q0=\"]" },
            { "mood[]", "'{sad,\"very happy\"}'", "[\"sad\",\"very happy\"]" },
            { "int2vector", "'1 2'", "\"1 2\"" },
        };

    [Fact]
    public async Task Values_OfEveryType_AreTheSameInSnapshotAndStream()
    {
        var rows = Values.Select(row => row.Data).ToList();
        var columns = string.Join(", ", rows.Select((row, i) => $"c{i} {row.Item1}"));
        var values = string.Join(", ", rows.Select(row => row.Item2));
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"{Types} create table item (id int primary key, {columns}); insert into item select 1, {values}"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync($"insert into item select 2, {values}");
        var records = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        Assert.Equal(2, records.Count);
        Assert.All(
            records,
            record =>
            {
                var after = ChangeTests.After(record);
                Assert.All(
                    rows,
                    (row, i) =>
                        Assert.Equal(
                            $"{row.Item1}: {row.Item3}",
                            $"{row.Item1}: {after.GetProperty($"c{i}").GetRawText()}"
                        )
                );
            }
        );
    }

    [Fact]
    public void String_AnyText_IsReadBack() =>
        Gen
            .String.Where(text => !text.Any(char.IsSurrogate))
            .Sample(text => JsonSerializer.Deserialize<string>(JsonText.String(text)) == text);

    [Fact]
    public void Binary_AnyBytes_AreReadBack() =>
        Gen
            .Byte.Array[0, 300]
            .Sample(bytes =>
                JsonSerializer
                    .Deserialize<byte[]>(Encoded(BinaryEncoding.Encode, $"\\x{Convert.ToHexStringLower(bytes)}"))!
                    .AsSpan()
                    .SequenceEqual(bytes)
            );

    [Fact]
    public void Array_AnyTexts_AreReadBack() =>
        Gen
            .String.Where(text => !text.Any(char.IsSurrogate))
            .Null()
            .Array[0, 8]
            .Sample(texts =>
            {
                var written = $"{{{string.Join(',', texts.Select(Quoted))}}}";
                return JsonSerializer
                    .Deserialize<string?[]>(Encoded(ArrayEncoding.Of(TextEncoding.Encode), written))!
                    .SequenceEqual(texts);
            });

    [Fact]
    public void TimestampWithZone_AnyMicrosecond_IsReadBack() =>
        Gen.Long[0, 250_000_000_000_000_000]
            .Sample(microseconds =>
            {
                var at = DateTimeOffset.MinValue.AddTicks(microseconds * 10);
                var text = at.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + "+00";
                return JsonSerializer.Deserialize<DateTimeOffset>(Encoded(TimeEncoding.TimestampWithZone(-1), text))
                    == at;
            });

    [Theory]
    [InlineData("{1,2")]
    [InlineData("{\"a")]
    [InlineData("1,2}")]
    [InlineData("{1}2")]
    [InlineData("")]
    public void Array_Malformed_SaysSo(string text) =>
        Assert.Throws<FormatException>(() => Encoded(ArrayEncoding.Of(TextEncoding.Encode), text));

    /// <summary>An element of an array as PostgreSQL writes it.</summary>
    private static string Quoted(string? element)
    {
        if (element is null)
            return "NULL";
        var escaped = element
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    private static byte[] Encoded(ValueEncoder encode, string text)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        encode(System.Text.Encoding.UTF8.GetBytes(text), json);
        return json.WrittenSpan.ToArray();
    }
}
