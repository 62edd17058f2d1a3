using System.Diagnostics.Metrics;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>The bridge's instruments.</summary>
internal sealed class BridgeMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Strangler.CdcBridge";

    private const long Unknown = -1;

    private readonly Meter _meter = new(MeterName);

    private readonly EventCounter _events;
    private readonly LogLag _lag = new(TimeProvider.System);
    private readonly Counter<long> _records,
        _transactions,
        _sentAgain,
        _progress,
        _rowsRead,
        _chunks,
        _published,
        _messagesIgnored,
        _reconnects,
        _errors;
    private readonly Histogram<double> _append;
    private Func<long> _spilled = static () => 0;
    private long _retained = Unknown,
        _safe = Unknown,
        _unconfirmed = Unknown,
        _inDoubt;

    public BridgeMetrics()
    {
        _records = Count("strangler.bridge.records", "{record}", "Records stored in the log.");
        _transactions = Count("strangler.bridge.transactions", "{transaction}", "Transactions stored in the log.");
        _events = new EventCounter(
            Count("strangler.bridge.events", "{event}", "Events stored in the log, by table and kind.")
        );
        _published = Count("strangler.bridge.published", "By", "Keys, values and headers stored in the log.");
        _sentAgain = Count(
            "strangler.bridge.sent_again",
            "{transaction}",
            "Transactions that the server sent although the log has them."
        );
        _progress = Count("strangler.bridge.progress", "{append}", "Appends that only moved the log's end.");
        _rowsRead = Count("strangler.bridge.rows_read", "{row}", "Rows read by snapshots and later readings.");
        _chunks = Count("strangler.bridge.chunks_read", "{chunk}", "Appends of snapshots and later readings.");
        _messagesIgnored = Count("strangler.bridge.messages_ignored", "{message}", "Logical messages of others.");
        _reconnects = Count("strangler.bridge.reconnects", "{connection}", "Connections reestablished after a loss.");
        _errors = Count("strangler.bridge.errors", "{error}", "Sessions that ended with an error, by kind.");
        _append = _meter.CreateHistogram(
            "strangler.bridge.append",
            "s",
            "Time to store an append.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            }
        );
        Gauge(
            "strangler.bridge.retained_wal",
            () => Interlocked.Read(ref _retained),
            "Write-ahead log that the slot holds back on the source."
        );
        Gauge(
            "strangler.bridge.safe_wal",
            () => Interlocked.Read(ref _safe),
            "What the source may write before it invalidates the slot."
        );
        Gauge(
            "strangler.bridge.lag_wal",
            () => Interlocked.Read(ref _unconfirmed),
            "What the source has written since what the bridge has confirmed."
        );
        Gauge(
            "strangler.bridge.spill",
            () => Volatile.Read(ref _spilled)(),
            "Frames, kept in files, of transactions that have not ended."
        );
        _meter.CreateObservableGauge(
            "strangler.bridge.lag",
            () => _lag.Seconds is { } lag ? [new Measurement<double>(lag)] : Array.Empty<Measurement<double>>(),
            "s",
            "Age of the log's end, by the source's clock."
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

    /// <summary>Whose instruments these are, where several bridges run in a process.</summary>
    public Meter Meter => _meter;

    public long SentAgainCount { get; private set; }

    /// <summary>An append has been stored.</summary>
    public void Appended(LogAppend append, TimeSpan took)
    {
        var (records, transactions) = (append.Records.Count, append.Transactions.Count);
        if (records > 0)
            _records.Add(records);
        if (transactions > 0)
            _transactions.Add(transactions);
        if (records == 0)
            _progress.Add(1);
        if (_published.Enabled && records > 0)
            _published.Add(append.Records.Sum(SizeOf));
        _events.Count(append.Records);
        _append.Record(took.TotalSeconds);
        if (append.Through is not null)
            LogEnd(append.At);
    }

    /// <summary>The source's clock at the log's end.</summary>
    public void LogEnd(DateTimeOffset at) => _lag.EndsAt(at);

    public void SentAgain()
    {
        SentAgainCount++;
        _sentAgain.Add(1);
    }

    /// <summary>Where the bytes of transactions that have not ended are read from now on.</summary>
    public void Spills(Func<long> bytes) => Volatile.Write(ref _spilled, bytes);

    public void RowsRead(long rows) => _rowsRead.Add(rows);

    public void ChunkRead() => _chunks.Add(1);

    public void MessageIgnored() => _messagesIgnored.Add(1);

    public void Reconnected() => _reconnects.Add(1);

    public void Failed(string kind) => _errors.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>What a look at the slot has found; null for what isn't known or bounded.</summary>
    public void Slot(long? retained, long? safe, long? unconfirmed, DateTimeOffset? at)
    {
        Interlocked.Exchange(ref _retained, retained ?? Unknown);
        Interlocked.Exchange(ref _safe, safe is { } left ? Math.Max(left, 0) : Unknown);
        Interlocked.Exchange(ref _unconfirmed, unconfirmed ?? Unknown);
        if (at is { } clock)
            _lag.SourceIsAt(clock);
    }

    public void Dispose() => _meter.Dispose();

    private Counter<long> Count(string name, string unit, string description) =>
        _meter.CreateCounter<long>(name, unit, description);

    private void Gauge(string name, Func<long> read, string description) =>
        _meter.CreateObservableGauge(
            name,
            () => read() is >= 0 and var bytes ? [new Measurement<long>(bytes)] : Array.Empty<Measurement<long>>(),
            "By",
            description
        );

    private static long SizeOf(LogRecord record) =>
        (record.Key?.Length ?? 0)
        + (record.Value?.Length ?? 0)
        + record.Headers.Sum(static header => (long)header.Name.Length + (header.Value?.Length ?? 0));
}
