using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Telemetry;

public sealed class EventKindTests
{
    [Theory]
    [InlineData(
        """{"before":null,"after":{"id":1},"transaction":null,"op":"c","ts_ms":1,"ts_us":1,"ts_ns":1}""",
        "create"
    )]
    [InlineData("""{"schema":{},"payload":{"after":{},"op":"u","ts_ms":1,"ts_us":1,"ts_ns":1}}""", "update")]
    [InlineData("""{"before":{"a":"\"op\":\"c\""},"op":"d","ts_ms":1700000000000}""", "delete")]
    [InlineData("""{"op":"r","ts_ms":1}""", "read")]
    [InlineData("text", "data")]
    [InlineData("\"op\":\"", "data")]
    [InlineData("", "data")]
    public void Of_Row_IsItsOperation(string value, string kind) =>
        Assert.Equal(kind, EventKind.Of(Record(LogRecordKind.Data, System.Text.Encoding.UTF8.GetBytes(value))));

    [Fact]
    public void Of_EachKind_HasANameOfItsOwn()
    {
        var kinds = Enum.GetValues<LogRecordKind>().Select(kind => EventKind.Of(Record(kind, null))).ToList();

        Assert.Equal(kinds.Count, kinds.Distinct().Count());
    }

    private static LogRecord Record(LogRecordKind kind, byte[]? value) =>
        new(Position.Start, 0, kind, "shop.public.item", null, [], value);
}
