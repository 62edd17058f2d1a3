using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Telemetry;
using Xunit;

namespace Strangler.Gateway.Tests.Telemetry;

public sealed class GatewayMetricsTests
{
    [Fact]
    public void Record_Request_IsCountedAndTimedByRouteStageAndWhoAnswered()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == factory)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => seen.Add($"{instrument.Name} {value} {Say(tags)}")
        );
        listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => seen.Add($"{instrument.Name} {instrument.Unit} {value} {Say(tags)}")
        );
        listener.Start();

        new GatewayMetrics(factory).Record(
            "availability",
            Stage.Lookup,
            AnsweredBy.Legacy,
            CallGraphReason.OtherVersion.Text(),
            TimeSpan.FromMilliseconds(1_500)
        );

        Assert.Equal(
            [
                "strangler.gateway.requests 1 route=availability,stage=lookup,answered_by=legacy,reason=other-version",
                "strangler.gateway.request.duration s 1.5 route=availability,stage=lookup,answered_by=legacy",
            ],
            seen
        );
    }

    private static string Say(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}
