using System.Diagnostics.Metrics;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// Throws where an applier counts, as if its process were killed there: in a transaction that has written documents,
/// and after a batch's commit, of which the applier's memory knows nothing yet. Appliers of other tests count too; only
/// those that run in the flow that created it are killed.
/// </summary>
internal sealed class KillingMeter : IDisposable
{
    private static readonly string[] Counters = ["strangler.projections.changes", "strangler.projections.computed"];
    private readonly MeterListener _listener = new();
    private readonly AsyncLocal<bool> _isOwn = new();

    public KillingMeter(Func<bool> kills)
    {
        _isOwn.Value = true;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ProjectionMetrics.MeterName && Counters.Contains(instrument.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, _, _, _) =>
            {
                if (!_isOwn.Value || !kills())
                    return;
                KillCount++;
                throw new IOException("The process was killed here.");
            }
        );
        _listener.Start();
    }

    public int KillCount { get; private set; }

    public void Dispose() => _listener.Dispose();
}
