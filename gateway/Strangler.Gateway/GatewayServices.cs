using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Postgres;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Strangler.Gateway;

/// <summary>
/// What a gateway is made of. Services start in this order and stop in the reverse one, so that comparisons end before
/// the evidence is written a last time.
/// </summary>
internal static class GatewayServices
{
    /// <summary>YARP, with our client, transforms and guard of policies.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services, IConfigurationSection proxy)
    {
        services.AddMetrics().AddRequestTimeouts().AddRouting().AddReverseProxy().LoadFromConfig(proxy);
        return services
            .AddSingleton<IForwarderHttpClientFactory, LegacyClientFactory>()
            .AddSingleton<PolicyRoutes>()
            .AddSingleton<RouteTransforms>()
            .AddSingleton<ITransformProvider>(provider => provider.GetRequiredService<RouteTransforms>());
    }

    /// <summary>The store's pool, and the stages that are in it.</summary>
    public static IServiceCollection AddStages(this IServiceCollection services, GatewayModel model) =>
        services
            .AddSingleton(_ => Pool(model.StoreConnection))
            .AddSingleton(GatewaySchema.Value)
            .AddSingleton<StageStore>()
            .AddSingleton<StageTable>()
            .AddSingleton<StagePoll>()
            .AddHostedService(provider => provider.GetRequiredService<StagePoll>());

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
    /// <param name="evidence">Where comparisons are kept in addition to the live figures; null: in the store.</param>
    /// <param name="time">The gateway's time.</param>
    public static IServiceCollection AddEvidence(
        this IServiceCollection services,
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
            .AddHostedService(provider => provider.GetRequiredService<EvidenceWriter>())
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
