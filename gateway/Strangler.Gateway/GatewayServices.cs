using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Postgres;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Reporting;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Strangler.Gateway;

/// <summary>
/// What a gateway is made of. Services start in this order and stop in the reverse one, so that comparisons end before
/// the evidence is written a last time.
/// </summary>
internal static class GatewayServices
{
    /// <summary>
    /// A pool opens its first connection when it is asked for one. Without a store none asks: nothing follows it, no
    /// route is looked up or compared, and the admin API refuses what would read it.
    /// </summary>
    private const string UnusedStore = "Host=localhost";

    /// <summary>YARP, with our client, transforms and guard of policies.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services, ProxyModel proxy)
    {
        services
            .AddMetrics()
            .AddRequestTimeouts()
            .AddRouting()
            .AddReverseProxy()
            .LoadFromMemory(proxy.Routes, proxy.Clusters);
        return services
            .AddSingleton<IForwarderHttpClientFactory, LegacyClientFactory>()
            .AddSingleton<PolicyRoutes>()
            .AddSingleton<PolicyGuard>()
            .AddSingleton<RouteMiddleware>()
            .AddSingleton<MatcherPolicy, RoutePolicy>()
            .AddSingleton<RouteTransforms>()
            .AddSingleton<ITransformProvider>(provider => provider.GetRequiredService<RouteTransforms>());
    }

    /// <summary>
    /// Taking over a changed configuration. Also without changes, routes are marked with their sections.
    /// </summary>
    public static IServiceCollection AddReload(
        this IServiceCollection services,
        IConfiguration started,
        bool hasDocuments,
        IReadOnlyList<IResponder>? responders,
        IAsyncEnumerable<ChangedConfiguration>? changes
    )
    {
        services
            .AddSingleton<CurrentRoutes>()
            .AddSingleton<ReloadState>()
            .AddSingleton<RouteReload>()
            .AddSingleton<IProxyConfigFilter>(provider => provider.GetRequiredService<RouteReload>())
            .AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<RouteReload>());
        if (changes is not null)
            services.AddHostedService(provider => new ReloadService(
                started,
                hasDocuments,
                responders,
                changes,
                provider.GetRequiredService<RouteReload>(),
                provider.GetRequiredService<ReloadState>(),
                provider.GetRequiredService<GatewayMetrics>(),
                provider.GetRequiredService<ILogger<ReloadService>>()
            ));
        return services;
    }

    /// <summary>
    /// The store's pool, and the stages that are in it. Without a store nothing follows it, and every route is in
    /// legacy.
    /// </summary>
    public static IServiceCollection AddStages(this IServiceCollection services, GatewayModel model) =>
        services
            .AddSingleton(_ => Pool(model.StoreConnection ?? UnusedStore))
            .AddSingleton(GatewaySchema.Value)
            .AddSingleton<StageStore>()
            .AddSingleton(model.StoreConnection is null ? new(StageSnapshot.WithoutStore) : new StageTable())
            .AddSingleton<StagePoll>()
            .AddFollower<StagePoll>(model);

    /// <summary>How old documents are, whether they can be served, and whether the store answers.</summary>
    public static IServiceCollection AddAges(this IServiceCollection services) =>
        services
            .AddSingleton<WatermarkAges>()
            .AddHostedService<WatermarkPoll>()
            .AddSingleton<BuildWatch>()
            .AddHostedService(provider => provider.GetRequiredService<BuildWatch>())
            .AddSingleton<StoreCircuit>()
            .AddHostedService(provider => provider.GetRequiredService<StoreCircuit>());

    /// <summary>Answering from documents, and the guard of the call graph behind.</summary>
    public static IServiceCollection AddLookup(
        this IServiceCollection services,
        GatewayModel model,
        TimeProvider time
    ) =>
        services
            .AddSingleton<GatewayRoutes>()
            .AddSingleton<GatewayMetrics>()
            .AddSingleton<LookupClient>()
            .AddSingleton(_ => new FallbackGuard(model.MaxFallback))
            .AddSingleton(_ => new RespondWorkers(Math.Max(2, Environment.ProcessorCount), time));

    /// <summary>What comparisons found: live figures, the store, reports.</summary>
    /// <param name="services">The gateway's services.</param>
    /// <param name="model">The meaning of the gateway's configuration.</param>
    /// <param name="evidence">Where comparisons are kept in addition to the live figures; null: in the store.</param>
    /// <param name="time">The gateway's time.</param>
    public static IServiceCollection AddEvidence(
        this IServiceCollection services,
        GatewayModel model,
        IEvidence? evidence,
        TimeProvider time
    ) =>
        services
            .AddSingleton(EvidenceLimits.Default)
            .AddSingleton<EvidenceStore>()
            .AddSingleton<EvidenceQuery>()
            .AddSingleton<EvidenceReports>()
            .AddSingleton(provider => new EvidenceWriter(
                provider.GetRequiredService<EvidenceStore>(),
                EvidenceLimits.Default,
                time,
                new Random(),
                provider.GetRequiredService<ILogger<EvidenceWriter>>()
            ))
            .AddFollower<EvidenceWriter>(model)
            .AddSingleton<ShadowMetrics>()
            .AddSingleton<IEvidence>(provider => new CountedEvidence(
                evidence ?? provider.GetRequiredService<EvidenceWriter>(),
                provider.GetRequiredService<GatewayRoutes>(),
                provider.GetRequiredService<ShadowMetrics>(),
                time,
                provider.GetRequiredService<ILogger<CountedEvidence>>()
            ));

    /// <summary>Sampling requests, looking at the source, and comparing.</summary>
    public static IServiceCollection AddComparisons(
        this IServiceCollection services,
        GatewayModel model,
        IMoments moments
    ) =>
        services
            .AddSingleton(moments)
            .AddSingleton(new CopyBudget(model.ShadowBytes))
            .AddSingleton<ShadowRoutes>()
            .AddSingleton<ShadowSampler>()
            .AddSingleton<SourcePoll>()
            .AddSingleton<ISourceLooks>(provider => provider.GetRequiredService<SourcePoll>())
            .AddHostedService(provider => provider.GetRequiredService<SourcePoll>())
            .AddHostedService<ShadowWorkers>();

    /// <summary>Runs a service that follows the store, if there is one.</summary>
    private static IServiceCollection AddFollower<TService>(this IServiceCollection services, GatewayModel model)
        where TService : class, IHostedService =>
        model.StoreConnection is null
            ? services
            : services.AddHostedService(provider => provider.GetRequiredService<TService>());

    /// <summary>The gateway's own connections to the store: stages, evidence and reports.</summary>
    private static NpgsqlDataSource Pool(string store) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(store)
            {
                ApplicationName = "strangler gateway",
                Timeout = 3,
                CommandTimeout = 5,
            }.WithMaxPoolSize(4)
        );
}
