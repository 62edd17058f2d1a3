namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A longer run has more heartbeats: recordings hold the first of each topic.</summary>
internal static class RepeatedHeartbeats
{
    public static IEnumerable<RecordedRecord> Drop(IEnumerable<RecordedRecord> records)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        return records.Where(record => !IsHeartbeat(record) || topics.Add(record.Topic)).ToList();
    }

    private static bool IsHeartbeat(RecordedRecord record) =>
        record.Key?.Contains("\"serverName\":", StringComparison.Ordinal) is true;
}
