using System.Diagnostics.Metrics;
using Strangler.Evidence;

namespace Strangler.Gateway.Telemetry;

/// <summary>The instruments of comparisons. They have few tags: route, verdict, reason; never a key.</summary>
internal sealed class ShadowMetrics
{
    private readonly Counter<long> _sampled;
    private readonly Counter<long> _compared;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _notSampled;
    private readonly Histogram<double> _late;
    private readonly Counter<long> _recheckSampled;
    private readonly Counter<long> _recheckCompared;
    private readonly Counter<long> _recheckDropped;

    public ShadowMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        _sampled = meter.CreateCounter<long>(
            "strangler.shadow.sampled",
            "{request}",
            "Requests whose keys belong to the share that is compared."
        );
        _compared = meter.CreateCounter<long>("strangler.shadow.compared", "{part}", "Parts of answers by verdict.");
        _dropped = meter.CreateCounter<long>(
            "strangler.shadow.dropped",
            "{request}",
            "Requests that were not compared, by reason."
        );
        _notSampled = meter.CreateCounter<long>(
            "strangler.shadow.not_sampled",
            "{request}",
            "Requests in shadow that the lookup would not answer, by reason."
        );
        _late = meter.CreateHistogram(
            "strangler.shadow.late",
            "s",
            "Time from legacy's answer until the documents had passed its bracket.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 20, 60],
            }
        );
        _recheckSampled = meter.CreateCounter<long>(
            "strangler.recheck.sampled",
            "{request}",
            "Requests that the lookup answered and that are to be compared."
        );
        _recheckCompared = meter.CreateCounter<long>(
            "strangler.recheck.compared",
            "{part}",
            "Parts of answers that the lookup had given, by verdict."
        );
        _recheckDropped = meter.CreateCounter<long>(
            "strangler.recheck.dropped",
            "{request}",
            "Requests that the lookup answered and that were not compared, by reason."
        );
    }

    public void Sampled(string route, Occasion occasion) =>
        (occasion == Occasion.Recheck ? _recheckSampled : _sampled).Add(
            1,
            new KeyValuePair<string, object?>("route", route)
        );

    public void Dropped(string route, string reason, Occasion occasion) =>
        (occasion == Occasion.Recheck ? _recheckDropped : _dropped).Add(1, new("route", route), new("reason", reason));

    public void NotSampled(string route, CallGraphReason reason) =>
        _notSampled.Add(1, new("route", route), new("reason", reason.Text()));

    public void Compared(Comparison comparison)
    {
        var route = comparison.Scope.Route;
        var counter = comparison.Occasion == Occasion.Recheck ? _recheckCompared : _compared;
        foreach (var part in comparison.Parts)
            counter.Add(1, new("route", route), new("verdict", ShadowStats.Name(part.Verdict)));
        if (comparison is { Occasion: Occasion.Shadow, Late: { } late })
            _late.Record(late.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }
}
