using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Evidence.Storing;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Guarding;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Policies;
using Strangler.Gateway.Promoting;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Yarp.ReverseProxy.Forwarder;

namespace Strangler.Hosting;

/// <summary>
/// A running gateway: its own server, and a separate one for the admin API, so that no route of the first can ever
/// reach the second.
/// </summary>
internal sealed partial class RunningGateway : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly WebApplication _gateway;

    private RunningGateway(WebApplication gateway) => _gateway = gateway;

    /// <summary>The first address at which it serves.</summary>
    public string Address => _gateway.Urls.First();

    /// <summary>The admin API's address.</summary>
    public string AdminAddress => _gateway.Services.GetRequiredService<AdminHost>().Address;

    public StageTable Stages => _gateway.Services.GetRequiredService<StageTable>();

    public StageStore Store => _gateway.Services.GetRequiredService<StageStore>();

    public StagePoll Poll => _gateway.Services.GetRequiredService<StagePoll>();

    public EvidenceWriter Evidence => _gateway.Services.GetRequiredService<EvidenceWriter>();

    public CopyBudget Budget => _gateway.Services.GetRequiredService<CopyBudget>();

    public SourcePoll Source => _gateway.Services.GetRequiredService<SourcePoll>();

    public WatermarkAges Ages => _gateway.Services.GetRequiredService<WatermarkAges>();

    public ShadowRoutes Shadows => _gateway.Services.GetRequiredService<ShadowRoutes>();

    public AutoPromotion Promotion => _gateway.Services.GetRequiredService<AutoPromotion>();

    public StageChanger Changer => _gateway.Services.GetRequiredService<StageChanger>();

    public GuardWatch Guards => _gateway.Services.GetRequiredService<GuardWatch>();

    public GatewayRoutes Routes => _gateway.Services.GetRequiredService<GatewayRoutes>();

    public SessionKeyPoll SessionKeys => _gateway.Services.GetRequiredService<SessionKeyPoll>();

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="model">What it means.</param>
    /// <param name="parts">What the gateway is made from.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<RunningGateway> StartAsync(
        IConfiguration configuration,
        GatewayModel model,
        GatewayParts parts,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = configuration[WebHostDefaults.ContentRootKey], // where certificates are looked for
                EnvironmentName = configuration[WebHostDefaults.EnvironmentKey],
            }
        );
        // where ASP.NET Core's own schemes look for their options
        builder.Configuration.AddInMemoryCollection(configuration.GetSection("Authentication").AsEnumerable());
        builder.WebHost.UseKestrel(options => Serve(options, configuration)).UseUrls([.. model.Urls]);
        var services = builder.Services;
        services
            .AddSingleton<ILoggerFactory>(new QuietLoggers(loggers, time))
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton(time);
        services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = StopLimit;
            // A defect in a service that follows the store or the source must not stop serving.
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        services.AddRouting().AddRequestTimeouts().AddHostRules(configuration).AddPolicies(model.Policies);
        services.AddReverseProxy().LoadFromMemory(model.Proxy.Routes, model.Proxy.Clusters).AddStrangler(parts);
        services.AddSingleton<IForwarderHttpClientFactory, LegacyClientFactory>();
        var gateway = builder.Build();
        gateway.UseHostRules(configuration);
        gateway.UsePolicies(model.Policies);
        gateway.UseRequestTimeouts(); // for YARP's Timeout of a route; does nothing without one
        gateway.MapReverseProxy();
        var running = new RunningGateway(gateway);
        try
        {
            await ServerStart.StartAsync(gateway, "Gateway:Urls", model.Urls, cancellationToken);
            var logger = loggers.CreateLogger("Strangler.Gateway");
            foreach (var warning in model.Warnings.Select(warning => warning.ToString()))
                Warned(logger, warning);
            var addresses = Sentence.List(gateway.Urls);
            Serves(logger, addresses, running.AdminAddress);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync(CancellationToken.None);
        await _gateway.DisposeAsync();
    }

    /// <summary>
    /// The call graph's answer is passed on unchanged: no header of ours, and no limit on a body that legacy accepts,
    /// unless the configuration sets one.
    /// </summary>
    private static void Serve(KestrelServerOptions options, IConfiguration configuration)
    {
        WireEncoding.Use(options);
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        var kestrel = configuration.GetSection("Kestrel");
        kestrel.GetSection("Limits").Bind(options.Limits);
        options.Configure(kestrel);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The gateway serves at {Addresses}; the address of its admin API is '{AdminAddress}'."
    )]
    private static partial void Serves(ILogger logger, string addresses, string adminAddress);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration has a gap: {Warning}")]
    private static partial void Warned(ILogger logger, string warning);
}
