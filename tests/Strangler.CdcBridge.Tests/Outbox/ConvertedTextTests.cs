using System.Numerics;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Outbox;
using Xunit;

namespace Strangler.CdcBridge.Tests.Outbox;

/// <summary>Texts of Kafka Connect's simple header converter and of its string converter.</summary>
public sealed class ConvertedTextTests
{
    private static readonly ConnectSchema Decimal = ConnectSchema
        .Bytes.Named("org.apache.kafka.connect.data.Decimal")
        .With("scale", "2");

    private static readonly ConnectSchema Point = ConnectSchema.Struct(
        new ConnectField("x", ConnectSchema.Float64),
        new ConnectField("s", ConnectSchema.String.Optional),
        new ConnectField("n", ConnectSchema.Int32.Optional)
    );

    public static TheoryData<object, string, string?, string> Texts =>
        new()
        {
            { ConnectSchema.String, "\"a \\\"b\\\"\"", "a \"b\"", "a \"b\"" },
            { ConnectSchema.String.Optional, "null", null, "null" },
            { ConnectSchema.Int64, "-7", "-7", "-7" },
            { ConnectSchema.Boolean, "true", "true", "true" },
            { ConnectSchema.Float64, "1.0E10", "1.0E10", "1.0E10" },
            { ConnectSchema.Float64, "\"NaN\"", "NaN", "NaN" },
            { ConnectSchema.Bytes, "\"Af8=\"", "Af8=", "java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]" },
            { Decimal, "\"BOI=\"", "12.50", "12.50" },
            { Decimal, "12.50", "12.50", "12.50" },
            { ConnectSchema.ArrayOf(ConnectSchema.Int32), "[1,null,2]", "[1,null,2]", "[1, null, 2]" },
            { ConnectSchema.ArrayOf(ConnectSchema.String), "[\"a\\\\\\\"b\"]", "[\"a\\\\\\\"b\"]", "[a\\\"b]" },
            { ConnectSchema.ArrayOf(ConnectSchema.Float64), "[\"NaN\"]", "[NaN]", "[NaN]" },
            { ConnectSchema.ArrayOf(Decimal), "[\"BOI=\"]", "[12.50]", "[12.50]" },
            { Point, "{\"x\":1.5,\"s\":\"a\",\"n\":null}", "{\"x\":1.5,\"s\":\"a\",\"n\":null}", "Struct{x=1.5,s=a}" },
            {
                new ConnectSchema(ConnectType.Map) { Items = ConnectSchema.String },
                "{\"a\":\"1\",\"b\":null}",
                "{\"a\":\"1\",\"b\":null}",
                "{a=1, b=null}"
            },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Of_Value_IsTheConvertersText(object schema, string json, string? header, string text)
    {
        var node = PayloadReader.TryRead(System.Text.Encoding.UTF8.GetBytes(json))!;

        Assert.Equal(header, HeaderText.Of((ConnectSchema)schema, node));
        Assert.Equal(text, JavaText.Of((ConnectSchema)schema, node));
    }

    [Theory]
    [InlineData("Date", "19782", "2024-02-29")]
    [InlineData("Date", "0", "00:00:00.000Z")]
    [InlineData("Time", "3723004", "01:02:03.004Z")]
    [InlineData("Timestamp", "1709208000500", "2024-02-29T12:00:00.500Z")]
    [InlineData("Timestamp", "1709164800000", "2024-02-29")]
    [InlineData("Timestamp", "-1", "23:59:59.999Z")]
    [InlineData("Timestamp", "9223372036825200000", "9223372036825200000")]
    public void Of_ConnectsOwnTime_IsFormattedByItsSize(string name, string json, string header) =>
        Assert.Equal(
            header,
            HeaderText.Of(
                ConnectSchema.Int64.Named($"org.apache.kafka.connect.data.{name}"),
                new PayloadNode.Number(json)
            )
        );

    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(0, 2, "0.00")]
    [InlineData(0, 7, "0E-7")]
    [InlineData(-5, 1, "-0.5")]
    [InlineData(1, 6, "0.000001")]
    [InlineData(1, 7, "1E-7")]
    [InlineData(-12, 8, "-1.2E-7")]
    [InlineData(123456, 2, "1234.56")]
    [InlineData(12, -3, "1.2E+4")]
    public void Text_Decimal_IsJavas(int unscaled, int scale, string text) =>
        Assert.Equal(text, JavaDecimal.Text(new BigInteger(unscaled), scale));
}
