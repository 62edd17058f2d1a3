using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Strangler.CdcBridge.Tests.Telemetry;

/// <summary>What the instruments of one meter measure.</summary>
internal sealed class Measured : IDisposable
{
    private readonly ConcurrentQueue<(string Name, string? Table, string? Kind, double Value)> _all = [];
    private readonly MeterListener _listener = new();

    public Measured(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public double Sum(string name, string? table = null, string? kind = null) =>
        _all.Where(one =>
                one.Name == name && (table is null || one.Table == table) && (kind is null || one.Kind == kind)
            )
            .Sum(one => one.Value);

    /// <summary>What a gauge shows now; -1 if nothing.</summary>
    public double Last(string gauge)
    {
        _listener.RecordObservableInstruments();
        return _all.Where(one => one.Name == gauge).Select(one => one.Value).LastOrDefault(-1);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? table = null;
        string? kind = null;
        foreach (var (name, tag) in tags)
            (table, kind) = (name == "table" ? (string?)tag : table, name == "kind" ? (string?)tag : kind);
        _all.Enqueue((instrument.Name, table, kind, value));
    }
}
