using System.Globalization;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests;

public sealed class TelemetryTests
{
    /// <summary>
    /// For each part, an instrument that has values as soon as a system runs, and the name under which the part exports
    /// it.
    /// </summary>
    private static readonly string[] Words =
    [
        "strangler-bridge",
        "strangler.bridge.records",
        "strangler.bridge.append",
        "strangler.bridge.retained_wal",
        "strangler-projections",
        "strangler.projections.changes",
        "strangler.projections.computed",
        "strangler.projections.lag",
        "strangler-gateway",
        "strangler.gateway.requests",
        "strangler.gateway.request.duration",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OtlpEndpoint_Named_EveryPartExportsItsMetricsAndTraces()
    {
        using var collector = new OtlpCollector();
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = 500.ToString(CultureInfo.InvariantCulture),
        };
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);

        foreach (var part in system.Parts)
            part.Start(environment);
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);
        await using (
            var update = system.Source.CreateCommand("update item set name = 'another name' where sku = '000001'")
        )
            await update.ExecuteNonQueryAsync(Cancellation);
        using (var answer = await system.GatewayHttp.GetAsync("/api/items/000001", Cancellation))
            Assert.True(answer.IsSuccessStatusCode);

        foreach (var word in Words)
            await Until.TrueAsync(
                () => Task.FromResult(collector.Saw("/v1/metrics", word)),
                () => $"No part exported '{word}'.\n{system.Words()}",
                Cancellation
            );
        await Until.TrueAsync(
            () => Task.FromResult(collector.Saw("/v1/traces", "strangler-gateway")),
            () => $"The gateway exported no trace.\n{system.Words()}",
            Cancellation
        );
    }
}
