using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Strangler.Cli.Telemetry;

/// <summary>
/// Exports a part's metrics and traces by OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the exporter itself reads
/// this and OpenTelemetry's other variables.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private static readonly string[] Sources =
    [
        "Strangler.*",
        "Microsoft.AspNetCore",
        "System.Net.Http",
        "Yarp.ReverseProxy",
        "Npgsql",
    ];

    /// <summary>What is exported, and served.</summary>
    public static readonly string[] Meters =
    [
        "Strangler.*",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
    ];

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private OtlpExport(TracerProvider? traces, MeterProvider? metrics) => (_traces, _metrics) = (traces, metrics);

    /// <param name="part">The service's name is <c>strangler-</c> followed by this.</param>
    public static OtlpExport Start(string part)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")))
            return new(null, null);
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService($"strangler-{part}", serviceNamespace: "strangler")
            .AddEnvironmentVariableDetector();
        return new(
            Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter().Build(),
            Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter().Build()
        );
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
