using System.Text.Json;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A Kafka record of a recording; key and value are the bytes' text, null where there are none.</summary>
internal sealed record RecordedRecord(
    string Topic,
    int Partition,
    IReadOnlyList<RecordedHeader> Headers,
    string? Key,
    string? Value
)
{
    public static RecordedRecord Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return new(
            root.GetProperty("topic").GetString()!,
            root.GetProperty("partition").GetInt32(),
            [.. root.GetProperty("headers").EnumerateObject().Select(RecordedHeader.Of)],
            root.GetProperty("rawKey").GetString(),
            root.GetProperty("rawValue").GetString()
        );
    }
}
