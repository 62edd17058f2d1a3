using System.Diagnostics.Metrics;

namespace Strangler.Gateway.Telemetry;

/// <summary>The instruments of guards.</summary>
internal sealed class GuardMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _trips;

    public GuardMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(GatewayMetrics.MeterName);
        _trips = _meter.CreateCounter<long>(
            "strangler.guard.trips",
            "{trip}",
            "Trips of guards by route, rule, and what was done: rollback, freeze, or nothing in a dry run."
        );
    }

    public void Tripped(string route, string rule, string action) =>
        _trips.Add(1, new("route", route), new("rule", rule), new("action", action));

    /// <summary>1 for the state of each route's guard.</summary>
    public void Observe(Func<IEnumerable<(string Route, string State)>> states) =>
        _meter.CreateObservableGauge(
            "strangler.guard.state",
            () =>
                states()
                    .Select(of => new Measurement<int>(
                        1,
                        new KeyValuePair<string, object?>("route", of.Route),
                        new KeyValuePair<string, object?>("state", of.State)
                    )),
            "{guard}",
            "1 for the state of a route's guard: off, armed, blind, tripped, cooling or frozen."
        );
}
