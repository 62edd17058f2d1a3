using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>How a host counts the changes of its configuration.</summary>
internal sealed class ReloadCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _applied;
    private int _refused;

    public ReloadCount(WebApplication host)
    {
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "strangler.gateway.configuration.changes")
                listening.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) => Interlocked.Increment(ref tags[0].Value is "applied" ? ref _applied : ref _refused)
        );
        _listener.Start();
    }

    public (int Applied, int Refused) Value => (Volatile.Read(ref _applied), Volatile.Read(ref _refused));

    public void Dispose() => _listener.Dispose();
}
