using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;
using Strangler.Foundation.Store;
using Strangler.Projections;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads the whole configuration of a gateway: what it means, or all its faults at once, including YARP's.
/// </summary>
internal static class GatewayConfigReader
{
    public const string ProxySection = "ReverseProxy";
    private const string GatewaySection = "Gateway";
    private const string StranglerSection = "Strangler";
    private const string RawTargetMember = "RawTarget";
    private const string AdminTokenFileMember = "AdminTokenFile";
    private const int DefaultMaxFallback = 256;
    private const int MinHashKeyBytes = 16;
    private static readonly string[] Members =
    [
        "Urls",
        "Admin",
        AdminTokenFileMember,
        "AnswerHeader",
        RawTargetMember,
        "MaxFallback",
        "Metrics",
        "HashKey",
        SourceConfigReader.Member,
        SourceConfigReader.IntervalMember,
        SourceConfigReader.BytesMember,
    ];

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="responders">
    /// The projections. Null if they couldn't be loaded: whether one exists is then unknown, and the call graph answers
    /// their routes.
    /// </param>
    /// <returns>The model, or null with at least one fault.</returns>
    public static (GatewayModel? Model, IReadOnlyList<Fault> Faults) Read(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders
    )
    {
        var faults = new List<Fault>();
        var gateway = configuration.GetSection(GatewaySection);
        var values = new SectionValues(gateway, faults);
        UnknownMembers.Find(gateway, Members, faults);
        var urls = Urls(gateway, faults);
        var admin = Admin(gateway, urls, faults);
        MetricsAddress.Read(configuration, gateway.Path, faults); // the command serves them
        var answerHeader = values.Flag("AnswerHeader", false);
        var rawTarget = values.Flag(RawTargetMember, true);
        var maxFallback = values.Number("MaxFallback", DefaultMaxFallback, 1, int.MaxValue);
        var hashKey = HashKey(gateway, faults);
        var store = StoreSection.Read(configuration, faults);
        var source = SourceConfigReader.Read(gateway, faults);
        var shadowBytes = SourceConfigReader.Bytes(values);

        var proxy = configuration.GetSection(ProxySection);
        var known = responders
            ?.DistinctBy(responder => responder.Projection.Name)
            .ToDictionary(responder => responder.Projection.Name, StringComparer.Ordinal);
        var routes = new List<StranglerRouteModel>();
        var (compared, answered) = (new List<string>(), new List<string>());
        foreach (var route in YarpConfigReader.Read(proxy, faults))
        {
            var section = proxy.GetSection($"Routes:{route.RouteId}:{StranglerSection}");
            if (!section.Exists())
                continue;
            var config = new StranglerRouteConfig(route.RouteId, section);
            if (config.Shadow.Exists() || StageTraits.Parse(config.Stage) is { } begin && begin.Traits().IsCompared)
                compared.Add(route.RouteId);
            if (config.Projection is not null)
                answered.Add(route.RouteId);
            if (new RouteConfigReader(config, route, known, hashKey, faults).Read() is not { } model)
                continue;
            ComparisonPrerequisites.FindForgotten(configuration, config, model.Shadow, faults);
            routes.Add(model);
        }
        ComparisonPrerequisites.FindMissing(configuration, gateway, compared, answered, faults);
        if (faults.Count > 0)
            return (null, faults);
        var whole = new GatewayModel(urls, admin!, answerHeader, maxFallback, store, routes)
        {
            AdminTokenFile = gateway[AdminTokenFileMember],
            Source = source,
            ShadowBytes = shadowBytes,
            RawTarget = rawTarget,
        };
        return (whole, faults);
    }

    /// <summary>
    /// The routes whose configuration shows that callers identify themselves. A gateway starts with them.
    /// </summary>
    public static IReadOnlyList<Fault> AccessFaults(IConfiguration configuration, IReadOnlyList<IResponder>? responders)
    {
        if (Read(configuration, responders).Model is not { } model)
            return [];
        var proxy = configuration.GetSection(ProxySection);
        var routes = YarpConfigReader
            .Read(proxy, [])
            .ToDictionary(route => route.RouteId, StringComparer.OrdinalIgnoreCase);
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
        configuration.GetSection($"{ProxySection}:Routes").GetChildren().Any(NamesProjection)
            ? SourceConfigReader.Read(configuration.GetSection(GatewaySection), [])
            : null;

    /// <summary>The routes that name a projection, if no source is configured.</summary>
    public static IReadOnlyList<string> UnsourcedRoutes(IConfiguration configuration) =>
        configuration[$"{GatewaySection}:{nameof(GatewayModel.Source)}"] is { Length: > 0 }
            ? []
            :
            [
                .. configuration
                    .GetSection($"{ProxySection}:Routes")
                    .GetChildren()
                    .Where(NamesProjection)
                    .Select(route => route.Key),
            ];

    private static bool NamesProjection(IConfigurationSection route) =>
        route[$"{StranglerSection}:{nameof(StranglerRouteConfig.Projection)}"] is not null;

    private static List<string> Urls(IConfigurationSection gateway, List<Fault> faults)
    {
        var urls = (gateway["Urls"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToList();
        if (urls.Count == 0)
            faults.Add(
                new Fault(
                    $"{gateway.Path}:Urls",
                    "The gateway has no address to serve at.",
                    "Set it, such as to 'http://127.0.0.1:8080'; separate several with semicolons."
                )
            );
        foreach (var url in urls.Where(url => Address(url) is null))
        {
            // A semicolon in a password would split it, and neither piece would look like part of an address with a
            // password.
            var shown = gateway["Urls"]!.Contains('@', StringComparison.Ordinal) ? "The value" : $"'{url}'";
            faults.Add(
                new Fault(
                    $"{gateway.Path}:Urls",
                    $"{shown} is not an address that a server can take.",
                    "Write 'http://' or 'https://', a host or IP address ('*' for all), and a port, without a path."
                )
            );
        }
        return urls;
    }

    private static string? Admin(IConfigurationSection gateway, List<string> urls, List<Fault> faults)
    {
        var path = $"{gateway.Path}:Admin";
        var admin = gateway["Admin"];
        if (string.IsNullOrWhiteSpace(admin))
            faults.Add(
                new Fault(
                    path,
                    "The admin API has no address.",
                    "Set it to a loopback address, such as 'http://127.0.0.1:8081'."
                )
            );
        else if (Address(admin) is not { Scheme: "http" } address)
            faults.Add(
                new Fault(
                    path,
                    $"'{admin}' is not an address that the admin API can take.",
                    "Write 'http://', a loopback address and a port, such as 'http://127.0.0.1:8081'."
                )
            );
        else if (!LoopbackGuard.IsLoopback(address.Host))
        {
            faults.Add(
                new Fault(
                    path,
                    $"The host '{address.Host}' of the admin API is not a loopback address: "
                        + "everybody who reaches it can change stages.",
                    "Use '127.0.0.1', '[::1]' or 'localhost', and a tunnel from elsewhere."
                )
            );
        }
        else if (address.Port != 0 && urls.Any(url => Address(url)?.Port == address.Port))
            faults.Add(
                new Fault(
                    path,
                    $"The admin API has the port {address.Port} of the gateway itself.",
                    "Give it a port of its own."
                )
            );
        return admin;
    }

    /// <summary>Scheme, host (an IPv6 address without brackets) and port; null if Kestrel doesn't accept it.</summary>
    private static (string Scheme, string Host, int Port)? Address(string url)
    {
        // '*' and '+' stand for all addresses; Uri has no such hosts
        var text = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)
            .Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || uri.Host.Length == 0)
            return null;
        return (uri.Scheme, uri.Host.Trim('[', ']'), uri.Port);
    }

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
