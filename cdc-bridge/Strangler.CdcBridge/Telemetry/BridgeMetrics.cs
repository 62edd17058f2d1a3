using System.Diagnostics.Metrics;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>The bridge's instruments.</summary>
internal sealed class BridgeMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Strangler.CdcBridge";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _records,
        _transactions,
        _sentAgain,
        _progress,
        _rowsRead,
        _messagesIgnored,
        _reconnects;
    private readonly Histogram<double> _append;
    private long _retained = -1,
        _inDoubt;

    public BridgeMetrics()
    {
        _records = _meter.CreateCounter<long>("strangler.bridge.records", "{record}", "Records stored in the log.");
        _transactions = _meter.CreateCounter<long>(
            "strangler.bridge.transactions",
            "{transaction}",
            "Transactions stored in the log."
        );
        _sentAgain = _meter.CreateCounter<long>(
            "strangler.bridge.sent_again",
            "{transaction}",
            "Transactions that the server sent although the log has them."
        );
        _progress = _meter.CreateCounter<long>(
            "strangler.bridge.progress",
            "{append}",
            "Appends that only moved the log's end."
        );
        _rowsRead = _meter.CreateCounter<long>(
            "strangler.bridge.rows_read",
            "{row}",
            "Rows read by snapshots and later readings."
        );
        _messagesIgnored = _meter.CreateCounter<long>(
            "strangler.bridge.messages_ignored",
            "{message}",
            "Logical messages of others."
        );
        _reconnects = _meter.CreateCounter<long>(
            "strangler.bridge.reconnects",
            "{connection}",
            "Connections reestablished after a loss."
        );
        _append = _meter.CreateHistogram<double>("strangler.bridge.append", "s", "Time to store an append.");
        _meter.CreateObservableGauge(
            "strangler.bridge.retained_wal",
            () =>
                Interlocked.Read(ref _retained) is >= 0 and var bytes
                    ? [new Measurement<long>(bytes)]
                    : Array.Empty<Measurement<long>>(),
            "By",
            "Write-ahead log that the slot holds back on the source."
        );
        _meter.CreateObservableGauge(
            "strangler.bridge.tables_in_doubt",
            () => Interlocked.Read(ref _inDoubt),
            "{table}",
            "Captured tables that are not complete until something is fixed."
        );
    }

    /// <summary>Sets how many tables stay in doubt until a person has fixed something.</summary>
    public void InDoubt(int tables) => Interlocked.Exchange(ref _inDoubt, tables);

    public long SentAgainCount { get; private set; }

    public void Appended(int records, int transactions, TimeSpan took)
    {
        if (records > 0)
            _records.Add(records);
        if (transactions > 0)
            _transactions.Add(transactions);
        if (records == 0)
            _progress.Add(1);
        _append.Record(took.TotalSeconds);
    }

    public void SentAgain()
    {
        SentAgainCount++;
        _sentAgain.Add(1);
    }

    public void RowsRead(long rows) => _rowsRead.Add(rows);

    public void MessageIgnored() => _messagesIgnored.Add(1);

    public void Reconnected() => _reconnects.Add(1);

    public void Retained(long bytes) => Interlocked.Exchange(ref _retained, bytes);

    public void Dispose() => _meter.Dispose();
}
