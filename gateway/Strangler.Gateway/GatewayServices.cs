using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Postgres;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Callers;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Guarding;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Promoting;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Reporting;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;
using Yarp.ReverseProxy.Configuration;
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

    /// <summary>The gateway in any host of YARP: in the command's, and in one that isn't ours.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayParts parts)
    {
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddSingleton(_ => parts.Model())
            .AddSingleton(provider => new Responders(parts.Responders(provider) ?? []))
            .AddSingleton(provider =>
                ModelOf(provider).StoreConnection is { } store
                    ? parts.Answers(provider, store)
                    : new UnavailableAnswers()
            )
            .AddSingleton(_ => parts.Moments() ?? new UnavailableMoments())
            .AddSingleton(parts.States)
            .AddSingleton(new FirstReadLimit(parts.StorePatience))
            .AddSingleton<CurrentRoutes>()
            .AddSingleton<ReloadState>()
            .AddSingleton<ReloadLog>()
            .AddMetrics()
            .AddRoutes()
            .AddStages()
            .AddAges()
            .AddLookup()
            .AddEvidence(parts.Evidence)
            .AddComparisons()
            .AddSessions();
        parts.AddReload(services);
        return services.AddAdmin();
    }

    /// <summary>Follows the configurations that a host which isn't ours gives YARP.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="proxy">The section that the host gives YARP.</param>
    /// <param name="sectionOf">The section of a route. One that doesn't exist, or null: it is plain YARP.</param>
    /// <param name="responders">The projections. Null if they couldn't be loaded.</param>
    public static IServiceCollection AddHostedRoutes(
        this IServiceCollection services,
        IConfiguration configuration,
        IConfigurationSection proxy,
        Func<string, IConfigurationSection?> sectionOf,
        Func<IServiceProvider, IReadOnlyList<IResponder>?> responders
    ) =>
        services
            .AddSingleton(provider => new HostedRoutes(
                configuration,
                proxy,
                sectionOf,
                responders(provider),
                ModelOf(provider),
                provider.GetRequiredService<CurrentRoutes>(),
                provider.GetRequiredService<ReloadState>(),
                provider.GetRequiredService<ReloadLog>()
            ))
            .AddSingleton<IProxyConfigFilter>(provider => provider.GetRequiredService<HostedRoutes>())
            .AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<HostedRoutes>())
            .AddSingleton<IProxyConfigProvider>(new SectionChanges(configuration));

    /// <summary>What stands before YARP's pipeline, and our transforms in it.</summary>
    private static IServiceCollection AddRoutes(this IServiceCollection services) =>
        services
            .AddSingleton<PolicyRoutes>()
            .AddSingleton<PolicyGuard>()
            .AddSingleton<RouteMiddleware>()
            .AddSingleton<MatcherPolicy, RoutePolicy>()
            .AddSingleton<RouteTransforms>()
            .AddSingleton<ITransformProvider>(provider => provider.GetRequiredService<RouteTransforms>());

    /// <summary>
    /// Taking over a changed configuration. Also without changes, routes are marked with their sections.
    /// </summary>
    public static IServiceCollection AddReload(
        this IServiceCollection services,
        IConfiguration started,
        IReadOnlyList<IResponder>? responders,
        IAsyncEnumerable<ChangedConfiguration>? changes
    )
    {
        services
            .AddSingleton<RouteReload>()
            .AddSingleton<IProxyConfigFilter>(provider => provider.GetRequiredService<RouteReload>())
            .AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<RouteReload>());
        if (changes is not null)
            services.AddHostedService(provider => new ReloadService(
                started,
                ModelOf(provider),
                responders,
                changes,
                provider.GetRequiredService<RouteReload>(),
                provider.GetRequiredService<ReloadState>(),
                provider.GetRequiredService<ReloadLog>(),
                provider.GetRequiredService<ILogger<ReloadService>>()
            ));
        return services;
    }

    /// <summary>
    /// The store's pool, and the stages that are in it. Without a store nothing follows it, and every route is in
    /// legacy.
    /// </summary>
    private static IServiceCollection AddStages(this IServiceCollection services) =>
        services
            .AddSingleton(provider => Pool(ModelOf(provider).StoreConnection ?? UnusedStore))
            .AddSingleton(GatewaySchema.Value)
            .AddSingleton<StageStore>()
            .AddSingleton(provider =>
                ModelOf(provider).StoreConnection is null ? new(StageSnapshot.WithoutStore) : new StageTable()
            )
            .AddSingleton<StagePoll>()
            .AddSingleton<StageMemory>()
            .AddHostedService<FirstStages>()
            .AddFollower<StagePoll>(needsStore: true);

    /// <summary>How old documents are, whether they can be served, and whether the store answers.</summary>
    private static IServiceCollection AddAges(this IServiceCollection services) =>
        services
            .AddSingleton<WatermarkAges>()
            .AddSingleton<SourceProgress>()
            .AddSingleton<WatermarkPoll>()
            .AddFollower<WatermarkPoll>()
            .AddSingleton<BuildWatch>()
            .AddFollower<BuildWatch>()
            .AddSingleton<StoreCircuit>()
            .AddFollower<StoreCircuit>();

    /// <summary>Answering from documents, and the guard of the call graph behind.</summary>
    private static IServiceCollection AddLookup(this IServiceCollection services) =>
        services
            .AddSingleton<GatewayRoutes>()
            .AddSingleton<GatewayMetrics>()
            .AddSingleton<LookupClient>()
            .AddSingleton<BoundedAnswers>()
            .AddSingleton<LegacyAccess>()
            .AddSingleton(provider => new FallbackGuard(ModelOf(provider).MaxFallback))
            .AddSingleton<FallbackLimiter>()
            .AddSingleton(provider => new RespondWorkers(
                Math.Max(2, Environment.ProcessorCount),
                provider.GetRequiredService<TimeProvider>()
            ));

    /// <summary>What comparisons found: live figures, the store, reports.</summary>
    /// <param name="services">The gateway's services.</param>
    /// <param name="evidence">Where comparisons are kept in addition to the live figures; null: in the store.</param>
    private static IServiceCollection AddEvidence(this IServiceCollection services, IEvidence? evidence) =>
        services
            .AddSingleton(EvidenceLimits.Default)
            .AddSingleton<EvidenceStore>()
            .AddSingleton<EvidenceQuery>()
            .AddSingleton<DismissalStore>()
            .AddSingleton<EvidenceReports>()
            .AddSingleton(provider => new EvidenceWriter(
                provider.GetRequiredService<EvidenceStore>(),
                EvidenceLimits.Default,
                provider.GetRequiredService<TimeProvider>(),
                new Random(),
                provider.GetRequiredService<ILogger<EvidenceWriter>>()
            ))
            .AddFollower<EvidenceWriter>(needsStore: true)
            .AddSingleton<ShadowMetrics>()
            .AddSingleton<IEvidence>(provider => new CountedEvidence(
                evidence ?? provider.GetRequiredService<EvidenceWriter>(),
                provider.GetRequiredService<GatewayRoutes>(),
                provider.GetRequiredService<ShadowMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<CountedEvidence>>()
            ));

    /// <summary>Sampling requests, looking at the source, and comparing.</summary>
    private static IServiceCollection AddComparisons(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new CopyBudget(ModelOf(provider).ShadowBytes))
            .AddSingleton<ShadowRoutes>()
            .AddSingleton<ShadowSampler>()
            .AddSingleton<RecheckSampler>()
            .AddSingleton<IMatchHistory, MatchHistory>()
            .AddSingleton<SourcePoll>()
            .AddSingleton<ISourceLooks>(provider => provider.GetRequiredService<SourcePoll>())
            .AddFollower<SourcePoll>()
            .AddSingleton<FreshnessWait>()
            .AddSingleton<WantedSender>()
            .AddFollower<WantedSender>(needsStore: true)
            .AddSingleton<ShadowWorkers>()
            .AddFollower<ShadowWorkers>();

    /// <summary>Showing callers what they have written.</summary>
    private static IServiceCollection AddSessions(this IServiceCollection services) =>
        services
            .AddSingleton<SessionScopes>()
            .AddSingleton<SessionFloors>()
            .AddSingleton<SessionKeyStore>()
            .AddSingleton<SessionKeyPoll>()
            .AddFollower<SessionKeyPoll>(needsStore: true)
            .AddSingleton<SessionReads>()
            .AddSingleton<SessionHold>()
            .AddSingleton<SessionEntry>()
            .AddSingleton<FreshLookup>();

    /// <summary>
    /// Changing stages, and the admin API, on a server of its own: it shows and changes the gateway's own objects.
    /// Registered there as instances, they aren't disposed with it.
    /// </summary>
    private static IServiceCollection AddAdmin(this IServiceCollection services) =>
        services
            .AddSingleton<StagePromotion>()
            .AddSingleton<StageChanger>()
            .AddSingleton<AutoPromotion>()
            .AddFollower<AutoPromotion>(needsStore: true)
            .AddSingleton<GuardMetrics>()
            .AddSingleton<GuardFigureReader>()
            .AddSingleton<GuardWatch>()
            .AddFollower<GuardWatch>(needsStore: true)
            .AddSingleton(provider => new AdminHost(
                () => AdminServer.Build(ModelOf(provider).Admin, shared => Share(provider, shared)),
                ModelOf(provider).Admin,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<AdminHost>>()
            ))
            .AddHostedService(provider => provider.GetRequiredService<AdminHost>());

    private static IServiceCollection Share(IServiceProvider from, IServiceCollection to) =>
        to.AddSingleton(from.GetRequiredService<Responders>())
            .AddSingleton(from.GetRequiredService<PartStates>())
            .AddSingleton(from.GetRequiredService<IMoments>())
            .AddSingleton(from.GetRequiredService<EvidenceReports>())
            .AddSingleton(from.GetRequiredService<DismissalStore>())
            .AddSingleton(from.GetRequiredService<RespondWorkers>())
            .AddSingleton(from.GetRequiredService<StageChanger>())
            .AddSingleton(from.GetRequiredService<ILoggerFactory>())
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton(from.GetRequiredService<TimeProvider>())
            .AddSingleton(from.GetRequiredService<BoundedAnswers>())
            .AddSingleton(from.GetRequiredService<GatewayRoutes>())
            .AddSingleton(from.GetRequiredService<ReloadState>())
            .AddSingleton(from.GetRequiredService<StageTable>())
            .AddSingleton(from.GetRequiredService<StageStore>())
            .AddSingleton(from.GetRequiredService<SourcePoll>())
            .AddSingleton(from.GetRequiredService<StoreCircuit>())
            .AddSingleton(from.GetRequiredService<WatermarkAges>())
            .AddSingleton(from.GetRequiredService<BuildWatch>())
            .AddSingleton(from.GetRequiredService<GatewayModel>());

    /// <summary>Runs a registered service beside the requests.</summary>
    private static IServiceCollection AddFollower<TService>(this IServiceCollection services, bool needsStore = false)
        where TService : BackgroundService =>
        services.AddHostedService(provider => new Follower<TService>(provider, needsStore));

    private static GatewayModel ModelOf(IServiceProvider provider) => provider.GetRequiredService<GatewayModel>();

    /// <summary>The gateway's own connections to the store: stages, evidence and reports.</summary>
    private static NpgsqlDataSource Pool(string store) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(store)
            {
                ApplicationName = "strangler gateway",
                Timeout = 3,
                CommandTimeout = 5,
            }.WithMaxPoolSize(6)
        );
}
