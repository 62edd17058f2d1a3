using System.Diagnostics.Metrics;

namespace Strangler.Projections.Telemetry;

/// <summary>The projections' metrics.</summary>
internal sealed class ProjectionMetrics : IDisposable
{
    public const string MeterName = "Strangler.Projections";
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _changes;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _computed;
    private readonly Counter<long> _written;
    private readonly Counter<long> _failed;
    private DateTimeOffset? _at;

    public ProjectionMetrics(TimeProvider time)
    {
        _changes = _meter.CreateCounter<long>(
            "strangler.projections.changes",
            "{change}",
            "Row changes that were applied to the mirror."
        );
        _repeated = _meter.CreateCounter<long>(
            "strangler.projections.repeated",
            "{change}",
            "Changes that the mirror already had: nonzero only in a replay."
        );
        _computed = _meter.CreateCounter<long>("strangler.projections.computed", "{key}", "Keys for which f was run.");
        _written = _meter.CreateCounter<long>(
            "strangler.projections.written",
            "{document}",
            "Documents that differed from the stored ones."
        );
        _failed = _meter.CreateCounter<long>("strangler.projections.quarantined", "{key}", "Keys for which f threw.");
        _meter.CreateObservableGauge(
            "strangler.projections.lag",
            () =>
                _at is { } at
                    ? [new Measurement<double>(Math.Max(0, (time.GetUtcNow() - at).TotalSeconds))]
                    : Array.Empty<Measurement<double>>(),
            "s",
            "Age of the watermark, by our clock."
        );
    }

    public void Applied(int changes, int repeated)
    {
        _changes.Add(changes);
        _repeated.Add(repeated);
    }

    public void Computed(string projection, int keys, int written, int failed)
    {
        var tag = KeyValuePair.Create<string, object?>("projection", projection);
        _computed.Add(keys, tag);
        _written.Add(written, tag);
        _failed.Add(failed, tag);
    }

    public void Watermark(DateTimeOffset? at) => _at = at;

    public void Dispose() => _meter.Dispose();
}
