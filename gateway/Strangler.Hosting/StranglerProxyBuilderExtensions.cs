using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
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
    /// the last good configuration stays in effect, and the admin API and YARP's log say why. Call this after other
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
        Lazy<IReadOnlyList<IResponder>?>? loaded = null;
        builder.Services.AddHosted(
            configuration,
            proxy,
            routeId =>
                options.Routes.TryGetValue(routeId, out var own)
                    ? own
                    : proxy.GetSection($"Routes:{routeId}:Strangler"),
            provider => (loaded ??= new(() => options.Responders ?? Load(provider, configuration))).Value,
            (_, store) =>
                new StoreAnswers(StoreAnswers.Pool(store), TimeProvider.System)
                {
                    VerificationSql = EmbeddedChangeLog.VerificationSql,
                },
            () => MomentsClient.Of(configuration, HostFiles.MomentsSecret(configuration)),
            () => HostFiles.AdminTokens(configuration)
        );
        builder.Services.AddHostedService(provider => new HostFilesCheck(
            configuration,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Strangler")
        ));
        return builder;
    }

    /// <summary>Without them the host serves as before, and says why: the call graph answers their routes.</summary>
    private static IReadOnlyList<IResponder>? Load(IServiceProvider provider, IConfiguration configuration)
    {
        try
        {
            return ProjectionAssemblies.Load(configuration);
        }
        catch (FaultException exception)
        {
            var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Strangler");
            foreach (var fault in exception.Faults)
                NotLoaded(logger, $"{fault}");
            provider
                .GetRequiredService<PartStates>()
                .SetGatewayFaults([
                    .. exception.Faults.Select(fault =>
                        $"{fault} Until it is fixed and the host is started again, the call graph answers every route."
                    ),
                ]);
            return null;
        }
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Error,
        Message = "The projections can't be loaded, so the call graph answers every route: {Fault}"
    )]
    private static partial void NotLoaded(ILogger logger, string fault);
}
