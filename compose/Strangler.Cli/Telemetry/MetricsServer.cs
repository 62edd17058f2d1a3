using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Strangler.Foundation.Http;

namespace Strangler.Cli.Telemetry;

/// <summary>
/// Serves a part's metrics at <c>GET /metrics</c>, as Prometheus reads them, and what the part adds. While the address
/// is taken, the part works without it, and it is tried again.
/// </summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private const int MaxConnections = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly MeterProvider _metrics;
    private readonly Task _served;

    private MetricsServer(Uri address, Action<IEndpointRouteBuilder, bool>? map, ILogger logger)
    {
        _metrics = Sdk.CreateMeterProviderBuilder().AddMeter(OtlpExport.Meters).AddPrometheusExporter().Build();
        _served = ServeAsync(address, map, logger, _stop.Token);
    }

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="section">The part's section, of which the member <c>Metrics</c> is the address.</param>
    /// <param name="map">
    /// Adds endpoints of the part, and is told whether the address is a loopback address; null if it has none.
    /// </param>
    /// <param name="logs">Where it logs.</param>
    /// <returns>Null if no address is configured, or a faulty one, which the part reports.</returns>
    public static MetricsServer? Start(
        IConfiguration configuration,
        string section,
        Action<IEndpointRouteBuilder, bool>? map,
        ILoggerFactory logs
    ) =>
        MetricsAddress.Read(configuration, section, []) is { } address
            ? new(address, map, logs.CreateLogger("Strangler.Metrics"))
            : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _served;
        _metrics.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(
        Uri address,
        Action<IEndpointRouteBuilder, bool>? map,
        ILogger logger,
        CancellationToken stop
    )
    {
        try
        {
            for (var said = false; ; said = true)
            {
                await using var server = Build(address, map);
                try
                {
                    await server.StartAsync(stop);
                    logger.MetricsServed(address);
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                }
                catch (Exception exception) when (!stop.IsCancellationRequested)
                {
                    if (!said)
                        logger.MetricsNotServed(address, exception.Message);
                }
                await Task.Delay(Pause, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the normal way to stop it
    }

    private WebApplication Build(Uri address, Action<IEndpointRouteBuilder, bool>? map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = 0;
                options.Limits.MaxConcurrentConnections = MaxConnections;
            })
            .UseUrls(address.GetLeftPart(UriPartial.Authority));
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var server = builder.Build();
        var isLoopback = LoopbackGuard.IsLoopback(address);
        if (isLoopback)
            server.Use(GuardAsync);
        server.MapPrometheusScrapingEndpoint("/metrics", _metrics, configureBranchedPipeline: null, optionsName: null);
        map?.Invoke(server, isLoopback);
        return server;
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (LoopbackGuard.Refusal(context.Request) is var (status, fault))
            await TypedResults.Text(fault.Problem, statusCode: status).ExecuteAsync(context);
        else
            await next(context);
    }
}
