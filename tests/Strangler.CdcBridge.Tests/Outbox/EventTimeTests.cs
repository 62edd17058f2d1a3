using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Outbox;
using Xunit;

namespace Strangler.CdcBridge.Tests.Outbox;

public sealed class EventTimeTests
{
    [Theory]
    [InlineData("io.debezium.time.Timestamp", "1709208000500", 1_709_208_000_500)]
    [InlineData("io.debezium.time.MicroTimestamp", "1709208000500999", 1_709_208_000_500)]
    [InlineData("io.debezium.time.NanoTimestamp", "1709208000500999999", 1_709_208_000_500)]
    [InlineData("org.apache.kafka.connect.data.Timestamp", "1709208000500", 1_709_208_000_500)]
    [InlineData(null, "1700000000000", 1_700_000_000_000)]
    [InlineData(null, "0", 0)]
    [InlineData("io.debezium.time.Date", "19782", 1_709_164_800_000)]
    [InlineData("org.apache.kafka.connect.data.Date", "0", 0)]
    public void Of_Number_IsInTheUnitOfItsSchema(string? name, string digits, long milliseconds) =>
        Assert.Equal(
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            EventTime.Of(ConnectSchema.Int64 with { Name = name }, new PayloadNode.Number(digits))
        );

    [Theory]
    [InlineData("2024-02-29T12:00:00.500000Z")]
    [InlineData("2024-02-29T13:00:00.5+01:00")]
    [InlineData("2024-02-29T12:00:00.5")]
    [InlineData("2024-02-29 12:00:00.5")]
    public void Of_Text_IsIso(string text) =>
        Assert.Equal(
            DateTimeOffset.FromUnixTimeMilliseconds(1_709_208_000_500),
            EventTime.Of(ConnectSchema.String, new PayloadNode.Text(text))
        );

    [Theory]
    [InlineData("-1")]
    [InlineData("9223372036825200000")]
    [InlineData("99999999999999999999")]
    public void Of_NumberThatKafkaHasNoTimeFor_IsNone(string digits) =>
        Assert.Null(EventTime.Of(ConnectSchema.Int64, new PayloadNode.Number(digits)));

    [Theory]
    [InlineData("io.debezium.time.Time")]
    [InlineData("io.debezium.time.MicroTime")]
    [InlineData("io.debezium.time.MicroDuration")]
    [InlineData("org.apache.kafka.connect.data.Time")]
    public void Of_NumberThatIsNoPointInTime_IsNone(string name) =>
        Assert.Null(EventTime.Of(ConnectSchema.Int64 with { Name = name }, new PayloadNode.Number("43200000")));

    [Fact]
    public void Of_DateBeyondKafkasTimes_IsNone() =>
        Assert.Null(
            EventTime.Of(
                ConnectSchema.Int32 with
                {
                    Name = "io.debezium.time.Date",
                },
                new PayloadNode.Number("2147483647")
            )
        );

    [Theory]
    [InlineData("infinity")]
    [InlineData("12")]
    [InlineData("10:00")]
    [InlineData("5/6")]
    [InlineData("May 2024")]
    [InlineData("29 Feb 2024")]
    [InlineData("1969-12-31T23:59:59Z")]
    public void Of_TextThatKafkaHasNoTimeFor_IsNone(string text) =>
        Assert.Null(EventTime.Of(ConnectSchema.String, new PayloadNode.Text(text)));
}
