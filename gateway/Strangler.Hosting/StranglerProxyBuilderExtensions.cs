using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Faults;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Projections;
using Strangler.Projections.Moments;

namespace Strangler.Hosting;

/// <summary>Adds Strangler to YARP.</summary>
public static partial class StranglerProxyBuilderExtensions
{
    /// <summary>
    /// Lets routes with a section <c>Strangler</c> be answered by a lookup, compared with it, and moved to it. The host
    /// keeps its server, pipeline, policies, transforms, providers and endpoints; a route without a section isn't
    /// touched. The admin API gets a server of its own, on loopback.
    /// </summary>
    /// <param name="builder">YARP's builder.</param>
    /// <param name="configuration">
    /// The host's configuration, with the sections <c>Store</c>, <c>Gateway</c> and <c>Projections</c>. A change of it
    /// takes effect with YARP's own, as a whole or not at all.
    /// </param>
    /// <param name="configure">Says where to find what isn't in the usual place.</param>
    /// <remarks>
    /// A configuration with faults doesn't start: YARP's exception has a <see cref="FaultException"/> within. Later,
    /// the last good configuration stays in effect, and log, metrics and admin API say why. Call this after other
    /// <c>AddTransforms</c>. What the host puts into <c>MapReverseProxy(…)</c> runs for legacy's answers only.
    /// </remarks>
    public static IReverseProxyBuilder AddStrangler(
        this IReverseProxyBuilder builder,
        IConfiguration configuration,
        Action<StranglerOptions>? configure = null
    )
    {
        var options = new StranglerOptions();
        configure?.Invoke(options);
        var proxy = configuration.GetSection(options.ProxySection);
        var states = new PartStates();
        Lazy<IReadOnlyList<IResponder>?>? loaded = null;
        builder.Services.AddHostedService(provider => new HostStart(configuration, LoggerOf(provider)));
        return builder.AddStrangler(
            new GatewayParts
            {
                Model = () =>
                    GatewayConfigReader.RequireHosted(configuration) with
                    {
                        AdminTokenFile = HostFiles.AdminTokens(configuration),
                        StagesFile = HostFiles.Stages(configuration),
                    },
                Responders = Responders,
                Answers = LookupPool.Answers,
                Moments = () => MomentsClient.Of(configuration, HostFiles.MomentsSecret(configuration)),
                AddReload = services => services.AddHostedRoutes(configuration, proxy, SectionOf, Responders),
                States = states,
            }
        );

        IConfigurationSection? SectionOf(string routeId) =>
            options.Routes.TryGetValue(routeId, out var own) ? own : proxy.GetSection($"Routes:{routeId}:Strangler");

        IReadOnlyList<IResponder>? Responders(IServiceProvider provider) =>
            (
                loaded ??= new(() =>
                    options.Responders
                    ?? LoadedProjections.Of(
                        configuration,
                        "host",
                        states,
                        faults => NotLoaded(LoggerOf(provider), faults)
                    )
                )
            ).Value;
    }

    /// <summary>The gateway of every host: the command's is one of them.</summary>
    internal static IReverseProxyBuilder AddStrangler(this IReverseProxyBuilder builder, GatewayParts parts)
    {
        builder.Services.AddSingleton<LookupPool>().AddGateway(parts);
        return builder;
    }

    private static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("Strangler");

    private static void NotLoaded(ILogger logger, IReadOnlyList<Fault> faults)
    {
        foreach (var fault in faults)
            NotLoaded(logger, $"{fault}");
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Error,
        Message = "The projections can't be loaded, so the call graph answers every route: {Fault}"
    )]
    private static partial void NotLoaded(ILogger logger, string fault);
}
