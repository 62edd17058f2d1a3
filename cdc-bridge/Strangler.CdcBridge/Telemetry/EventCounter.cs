using System.Diagnostics.Metrics;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>
/// Counts events by table and kind. The first tables have a series each, and all others share one: a dashboard's server
/// bears only so many, and topics of an outbox are as many as its rows say.
/// </summary>
internal sealed class EventCounter(Counter<long> counter)
{
    public const int MaxTables = 200;
    public const string Others = "(others)";

    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Kind), long> _counts = [];

    /// <summary>Counts the records of an append. One caller at a time.</summary>
    public void Count(IReadOnlyList<LogRecord> records)
    {
        if (!counter.Enabled)
            return;
        _counts.Clear();
        foreach (var record in records)
        {
            var key = (record.Topic, EventKind.Of(record));
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
        foreach (var ((topic, kind), count) in _counts)
            counter.Add(
                count,
                new KeyValuePair<string, object?>("table", TableOf(topic)),
                new KeyValuePair<string, object?>("kind", kind)
            );
    }

    private string TableOf(string topic) =>
        _tables.Contains(topic) || (_tables.Count < MaxTables && _tables.Add(topic)) ? topic : Others;
}
