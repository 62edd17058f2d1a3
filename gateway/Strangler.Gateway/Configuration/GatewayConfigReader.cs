using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;
using Strangler.Foundation.Store;
using Strangler.Projections;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads the whole configuration of a gateway: what it means, or all its faults at once, including YARP's.
/// </summary>
internal static class GatewayConfigReader
{
    public const string ProxySection = "ReverseProxy";

    /// <summary>The setting that names the file in which the stages are kept.</summary>
    public const string StagesFilePath = $"{GatewaySection}:{nameof(GatewayModel.StagesFile)}";

    private const string GatewaySection = "Gateway";
    private const string StranglerSection = "Strangler";
    private const string RawTargetMember = "RawTarget";
    private const string AdminTokenFileMember = "AdminTokenFile";
    private const int DefaultMaxFallback = 256;
    private const int MinHashKeyBytes = 16;
    private static readonly string[] Members =
    [
        AddressConfigReader.UrlsMember,
        AddressConfigReader.AdminMember,
        AdminTokenFileMember,
        nameof(GatewayModel.StagesFile),
        "AnswerHeader",
        RawTargetMember,
        "MaxFallback",
        "Metrics",
        "HashKey",
        FreshnessConfigReader.WritesMember,
        SourceConfigReader.Member,
        SourceConfigReader.IntervalMember,
        SourceConfigReader.BytesMember,
    ];

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="responders">
    /// The projections. Null if they couldn't be loaded: whether one exists is then unknown, and the call graph answers
    /// their routes.
    /// </param>
    /// <param name="inEffect">
    /// The policies of a gateway that runs, which knows no others. Null for those that the configuration defines.
    /// </param>
    /// <returns>The model, or null with at least one fault.</returns>
    public static (GatewayModel? Model, IReadOnlyList<Fault> Faults) Read(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        PolicyModel? inEffect = null
    )
    {
        var (faults, warnings) = (new List<Fault>(), UnreadSections.Find(configuration).ToList());
        var urls = AddressConfigReader.Urls(configuration, faults);
        var proxy = configuration.GetSection(ProxySection);
        var policies = new PolicyConfigReader(configuration, faults).Read();
        var ofYarp = YarpConfigReader.Read(proxy, inEffect ?? policies, faults, warnings);
        var model = Read(
            configuration,
            responders,
            ofYarp.Routes,
            routeId => proxy.GetSection($"Routes:{routeId}:{StranglerSection}"),
            faults
        );
        return model is null
            ? (null, faults)
            : (model with { Urls = urls, Policies = policies, Proxy = ofYarp, Warnings = warnings }, faults);
    }

    /// <summary>
    /// The same in a host that isn't ours: addresses, policies, and where routes come from are its own affair.
    /// </summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="responders">The projections. Null if they couldn't be loaded.</param>
    /// <param name="routes">YARP's routes.</param>
    /// <param name="sectionOf">The section of a route. One that doesn't exist, or null: it is plain YARP.</param>
    public static (GatewayModel? Model, IReadOnlyList<Fault> Faults) ReadHosted(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        IReadOnlyList<RouteConfig> routes,
        Func<string, IConfigurationSection?> sectionOf
    )
    {
        var faults = new List<Fault>();
        var model = Read(configuration, responders, routes, sectionOf, faults);
        // the host's routes may name a projection later
        if (model is { StoreConnection: null } && StoreSection.IsNamed(configuration, GatewaySection))
            model = model with { StoreConnection = StoreSection.Read(configuration, faults, GatewaySection) };
        return (faults.Count > 0 ? null : model, faults);
    }

    /// <summary>What a host that isn't ours begins with; YARP gives it the routes later.</summary>
    /// <exception cref="FaultException">The configuration has faults.</exception>
    public static GatewayModel RequireHosted(IConfiguration configuration)
    {
        var (model, faults) = ReadHosted(configuration, null, [], _ => null);
        return model is null ? throw new FaultException(faults) : model with { IsHosted = true };
    }

    private static GatewayModel? Read(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        IReadOnlyList<RouteConfig> ofYarp,
        Func<string, IConfigurationSection?> sectionOf,
        List<Fault> faults
    )
    {
        var gateway = configuration.GetSection(GatewaySection);
        var values = new SectionValues(gateway, faults);
        UnknownMembers.Find(gateway, Members, faults);
        var admin = AddressConfigReader.Admin(configuration, faults);
        MetricsAddress.Read(configuration, gateway.Path, faults); // the command serves them
        var answerHeader = values.Flag("AnswerHeader", false);
        var rawTarget = values.Flag(RawTargetMember, true);
        var maxFallback = values.Number("MaxFallback", DefaultMaxFallback, 1, int.MaxValue);
        var hashKey = HashKey(gateway, faults);
        var source = SourceConfigReader.Read(gateway, faults);
        var shadowBytes = SourceConfigReader.Bytes(values);
        var sessionWrites = FreshnessConfigReader.Writes(gateway, ofYarp, faults);
        var known = responders
            ?.DistinctBy(responder => responder.Projection.Name)
            .ToDictionary(responder => responder.Projection.Name, StringComparer.Ordinal);
        var routes = new List<StranglerRouteModel>();
        var (compared, answered) = (new List<string>(), new List<string>());
        foreach (var route in ofYarp)
        {
            if (sectionOf(route.RouteId) is not { } section || !section.Exists())
                continue;
            var config = new StranglerRouteConfig(route.RouteId, section);
            if (config.MayBeCompared)
                compared.Add(route.RouteId);
            if (config.Projection is not null)
                answered.Add(route.RouteId);
            FreshnessConfigReader.FindMissingSource(gateway, section, faults);
            if (new RouteConfigReader(config, route, known, hashKey, faults).Read() is not { } model)
                continue;
            ComparisonPrerequisites.FindForgotten(configuration, config, model.Shadow, faults);
            routes.Add(model);
        }
        ComparisonPrerequisites.FindMissing(configuration, gateway, compared, answered, faults);
        var store = answered.Count > 0 ? StoreSection.Read(configuration, faults, GatewaySection) : null;
        return faults.Count > 0
            ? null
            : new GatewayModel([], admin, answerHeader, maxFallback, store, routes)
            {
                AdminTokenFile = gateway[AdminTokenFileMember],
                StagesFile = gateway[nameof(GatewayModel.StagesFile)] is { Length: > 0 } stages ? stages : null,
                Source = source,
                ShadowBytes = shadowBytes,
                SessionWrites = sessionWrites,
                RawTarget = rawTarget,
            };
    }

    /// <summary>
    /// The routes whose configuration shows that callers identify themselves. A gateway starts with them.
    /// </summary>
    public static IReadOnlyList<Fault> AccessFaults(IConfiguration configuration, IReadOnlyList<IResponder>? responders)
    {
        if (Read(configuration, responders).Model is not { } model)
            return [];
        var proxy = configuration.GetSection(ProxySection);
        var routes = model.Proxy.Routes.ToDictionary(route => route.RouteId, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. model
                .Routes.Select(route =>
                    AccessWarnings.Find(
                        $"{proxy.Path}:Routes:{route.RouteId}:{StranglerSection}",
                        routes[route.RouteId],
                        route
                    )
                )
                .OfType<Fault>(),
        ];
    }

    /// <summary>
    /// The source that would be looked at, as far as it can be read. Null if none is configured, or no route names a
    /// projection.
    /// </summary>
    public static SourceModel? SourceOf(IConfiguration configuration) =>
        NamesProjection(configuration) ? SourceConfigReader.Read(configuration.GetSection(GatewaySection), []) : null;

    /// <summary>
    /// Whether a route names a projection. Without one, nothing is looked up or compared: the gateway is a plain proxy.
    /// </summary>
    public static bool NamesProjection(IConfiguration configuration) =>
        configuration.GetSection($"{ProxySection}:Routes").GetChildren().Any(HasProjection);

    /// <summary>What is configured and doesn't work, as far as that concerns plain routes only.</summary>
    public static IReadOnlyList<Fault> ProxyWarnings(IConfiguration configuration)
    {
        var warnings = UnreadSections.Find(configuration).ToList();
        var policies = new PolicyConfigReader(configuration, []).Read();
        var proxy = configuration.GetSection(ProxySection);
        YarpConfigReader.Read(proxy, policies, [], warnings);
        var gateway = configuration.GetSection(GatewaySection);
        if (FreshnessConfigReader.FindUnseenWrites(gateway, proxy.GetSection("Routes"), StranglerSection) is { } unseen)
            warnings.Add(unseen);
        return warnings;
    }

    /// <summary>The routes that name a projection, if no source is configured.</summary>
    public static IReadOnlyList<string> UnsourcedRoutes(IConfiguration configuration) =>
        configuration[$"{GatewaySection}:{nameof(GatewayModel.Source)}"] is { Length: > 0 }
            ? []
            :
            [
                .. configuration
                    .GetSection($"{ProxySection}:Routes")
                    .GetChildren()
                    .Where(HasProjection)
                    .Select(route => route.Key),
            ];

    private static bool HasProjection(IConfigurationSection route) =>
        route[$"{StranglerSection}:{nameof(StranglerRouteConfig.Projection)}"] is not null;

    /// <summary>
    /// Gateways with the same key show equal hashes for equal values. Without a configured key each has its own.
    /// </summary>
    private static ReadOnlyMemory<byte> HashKey(IConfigurationSection gateway, List<Fault> faults)
    {
        if (gateway["HashKey"] is not { } text)
            return ProcessHashKey.Value;
        if (text.Length < MinHashKeyBytes)
            faults.Add(
                new Fault(
                    $"{gateway.Path}:HashKey",
                    $"The key has fewer than {MinHashKeyBytes} characters, so hashes made with it can be guessed.",
                    "Give it 32 random characters, or leave it out for a key that lasts as long as the process."
                )
            );
        return Encoding.UTF8.GetBytes(text);
    }
}
