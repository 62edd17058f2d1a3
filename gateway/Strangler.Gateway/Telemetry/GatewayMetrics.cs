using System.Diagnostics.Metrics;
using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Telemetry;

/// <summary>The gateway's instruments. They have few tags: route, stage, who answered and why; never a key.</summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "Strangler.Gateway";
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _freshness;
    private readonly Histogram<double> _held;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _fallbackRefused;
    private readonly Counter<long> _reloads;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "strangler.gateway.requests",
            "{request}",
            "Requests by route, stage, who answered them, and why the call graph did."
        );
        _duration = meter.CreateHistogram(
            "strangler.gateway.request.duration",
            "s",
            "Time from a request's head to its answer's last byte.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            }
        );
        _freshness = meter.CreateHistogram(
            "strangler.gateway.freshness.wait",
            "s",
            "Time for which requests waited for what their route promises about the age of answers.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
            }
        );
        _held = meter.CreateHistogram(
            "strangler.gateway.session.hold",
            "s",
            "Time for which answers of legacy were held to give their caller a token, by route.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
            }
        );
        _refused = meter.CreateCounter<long>(
            "strangler.gateway.refused",
            "{request}",
            "Requests that the gateway refused with 400, by route and reason."
        );
        _fallbackRefused = meter.CreateCounter<long>(
            "strangler.gateway.fallback.refused",
            "{request}",
            "Requests that the lookup couldn't answer and that got 503, by route and limit."
        );
        _reloads = meter.CreateCounter<long>(
            "strangler.gateway.configuration.changes",
            "{change}",
            "Changes of the configuration while the gateway runs, by whether they were applied or refused."
        );
    }

    /// <summary>1 while look-ups aren't tried because the store doesn't answer.</summary>
    public void ObserveCircuit(Func<bool> isOpen) =>
        _meter.CreateObservableGauge(
            "strangler.gateway.circuit.open",
            () => isOpen() ? 1 : 0,
            "{circuit}",
            "1 while the store does not answer look-ups and is not asked."
        );

    /// <summary>1 while legacy fails a route's requests that the lookup can't answer, and they get 503.</summary>
    public void ObserveFallbackCircuits(Func<IEnumerable<(string Route, bool IsOpen)>> circuits) =>
        _meter.CreateObservableGauge(
            "strangler.gateway.fallback.circuit.open",
            () =>
                circuits()
                    .Select(circuit => new Measurement<int>(
                        circuit.IsOpen ? 1 : 0,
                        new KeyValuePair<string, object?>("route", circuit.Route)
                    )),
            "{circuit}",
            "1 while legacy fails requests that the lookup can't answer, and they aren't sent, by route."
        );

    public void FallbackRefused(string route, string limit) =>
        _fallbackRefused.Add(1, new("route", route), new("limit", limit));

    /// <param name="isApplied">Whether it is in effect; else the last good one stays.</param>
    public void Reloaded(bool isApplied) =>
        _reloads.Add(1, new KeyValuePair<string, object?>("outcome", isApplied ? "applied" : "refused"));

    /// <param name="reason">Why the call graph was asked then; empty if it wasn't.</param>
    public void Waited(string route, string reason, TimeSpan duration) =>
        _freshness.Record(duration.TotalSeconds, new("route", route), new("reason", reason));

    /// <param name="isKnown">Whether the token has a position; else legacy answers its caller for a while.</param>
    public void Held(string route, bool isKnown, TimeSpan duration) =>
        _held.Record(duration.TotalSeconds, new("route", route), new("position", isKnown ? "known" : "unknown"));

    public void Refused(string route, string reason) => _refused.Add(1, new("route", route), new("reason", reason));

    public void Record(string route, Stage stage, AnsweredBy answeredBy, string reason, TimeSpan duration)
    {
        if (_requests.Enabled)
            _requests.Add(
                1,
                new("route", route),
                new("stage", stage.Text()),
                new("answered_by", answeredBy.Text()),
                new("reason", reason)
            );
        if (_duration.Enabled)
            _duration.Record(
                duration.TotalSeconds,
                new("route", route),
                new("stage", stage.Text()),
                new("answered_by", answeredBy.Text())
            );
    }
}
