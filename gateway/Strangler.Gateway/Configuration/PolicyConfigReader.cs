using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads the sections <c>Authentication</c>, <c>Authorization</c>, <c>Cors</c>, <c>RateLimiter</c> and
/// <c>OutputCache</c>: the policies to which routes refer by name. A section that no route needs isn't read.
/// </summary>
internal sealed class PolicyConfigReader(IConfiguration configuration, List<Fault> faults)
{
    private const long PresetSizeLimit = 100 << 20;
    private const long PresetBodyBytes = 1 << 20;
    private static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(1);
    private static readonly string[] AccessMembers = ["Schemes", "Roles", "Claims"];
    private static readonly string[] CorsMembers =
    [
        "Origins",
        "Methods",
        "Headers",
        "ExposedHeaders",
        "Credentials",
        "MaxAge",
    ];

    public PolicyModel Read()
    {
        var access = Used("Authorization", nameof(RouteConfig.AuthorizationPolicy));
        var cors = Used("Cors", nameof(RouteConfig.CorsPolicy));
        var limits = Used("RateLimiter", nameof(RouteConfig.RateLimiterPolicy));
        var cache = Used("OutputCache", nameof(RouteConfig.OutputCachePolicy));
        Find(access, ["Policies"]);
        Find(cors, ["Default", "Policies"]);
        Find(limits, ["Policies"]);
        Find(cache, ["SizeLimit", "MaxBodyBytes", "Policies"]);
        var schemes =
            access is null && limits is null
                ? SchemesModel.None
                : new SchemesConfigReader(configuration.GetSection(SchemesConfigReader.Path), faults).Read();
        var preset = cors?.GetSection("Default");
        return new(
            schemes,
            Named(access, policy => Access(policy, schemes)),
            Named(cors, Cors),
            preset?.GetChildren().Any() is true ? Cors(preset) : null,
            Named(limits, policy => new RateLimitConfigReader(policy, faults).Read()),
            cache is null ? PolicyModel.None.Cache : Cache(cache)
        );
    }

    /// <summary>Null if no route names a policy of its kind: it may be another program's section then.</summary>
    private IConfigurationSection? Used(string section, string member) =>
        configuration
            .GetSection($"{GatewayConfigReader.ProxySection}:Routes")
            .GetChildren()
            .Any(route => PolicyNames.IsDefined(route[member]))
            ? configuration.GetSection(section)
            : null;

    private void Find(IConfigurationSection? section, IReadOnlyList<string> members)
    {
        if (section is not null)
            UnknownMembers.Find(section, members, faults);
    }

    private FrozenDictionary<string, TPolicy> Named<TPolicy>(
        IConfigurationSection? section,
        Func<IConfigurationSection, TPolicy?> read
    )
        where TPolicy : class =>
        section is null
            ? FrozenDictionary<string, TPolicy>.Empty
            : PolicyNames.Read(section.GetSection("Policies"), read, faults);

    private AccessPolicyModel? Access(IConfigurationSection policy, SchemesModel schemes)
    {
        var before = faults.Count;
        UnknownMembers.Find(policy, AccessMembers, faults);
        var named = SectionTexts.Read(policy, "Schemes", faults);
        var roles = SectionTexts.Read(policy, "Roles", faults);
        var claims = policy.GetSection("Claims");
        var needed = claims
            .GetChildren()
            .ToDictionary(
                claim => claim.Key,
                claim => SectionTexts.Read(claims, claim.Key, faults),
                StringComparer.Ordinal
            );
        foreach (var unknown in named.Except(schemes.Names, StringComparer.Ordinal))
            faults.Add(new Fault(policy.Path, $"No scheme '{unknown}' is configured.", Configured(schemes)));
        if (schemes.Names.Count == 0 && named.Count == 0)
            faults.Add(new Fault(policy.Path, "Nobody can show who they are.", Configured(schemes)));
        return faults.Count > before ? null : new(named.Count > 0 ? named : schemes.Names, roles, needed);
    }

    /// <summary>What to do where a scheme is missing.</summary>
    public static string Configured(SchemesModel schemes) =>
        schemes.Names.Count > 0
            ? $"Name one of {Sentence.List(schemes.Names)}, or add it under '{SchemesConfigReader.Path}'."
            : $"Add '{SchemesModel.Bearer}' or '{SchemesModel.ApiKeyName}' under '{SchemesConfigReader.Path}'.";

    private CorsPolicyModel? Cors(IConfigurationSection policy)
    {
        var before = faults.Count;
        UnknownMembers.Find(policy, CorsMembers, faults);
        var values = new SectionValues(policy, faults);
        var origins = SectionTexts.Read(policy, "Origins", faults);
        var methods = SectionTexts.Read(policy, "Methods", faults);
        var headers = SectionTexts.Read(policy, "Headers", faults);
        var exposed = SectionTexts.Read(policy, "ExposedHeaders", faults);
        var credentials = values.Flag("Credentials", false);
        TimeSpan? maxAge = policy["MaxAge"] is null
            ? null
            : values.Time("MaxAge", TimeSpan.FromSeconds(5), TimeSpan.Zero, MaxTime);
        if (origins.Count == 0)
            Add("It names no origin, so no page could call the route.", "Name some, as in 'https://shop.example'.");
        if (origins.Contains("*") && origins.Count > 1)
            Add("'*' stands for all origins, and others are named beside it.", "Write '*' alone, or leave it out.");
        if (origins.Contains("*") && credentials)
            Add("Pages of all origins may not bring credentials.", "Name the origins, or set 'Credentials' to false.");
        foreach (var origin in origins.Where(origin => origin != "*" && !IsOrigin(origin)))
            Add($"'{origin}' is not an origin.", "Write scheme, host and port only, as in 'https://shop.example'.");
        return faults.Count > before ? null : new(origins, methods, headers, exposed, credentials, maxAge);

        void Add(string problem, string wayOut) => faults.Add(new Fault($"{policy.Path}:Origins", problem, wayOut));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && text.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);

    private OutputCacheModel Cache(IConfigurationSection section)
    {
        var values = new SectionValues(section, faults);
        return new(
            values.Number("SizeLimit", PresetSizeLimit, 1, int.MaxValue),
            values.Number("MaxBodyBytes", PresetBodyBytes, 1, int.MaxValue),
            Named(section, OutputCache)
        );
    }

    private OutputCachePolicyModel? OutputCache(IConfigurationSection policy)
    {
        var before = faults.Count;
        UnknownMembers.Find(policy, ["Expiration", "VaryByHeader"], faults);
        var values = new SectionValues(policy, faults);
        var expiration = values.Time("Expiration", TimeSpan.FromMinutes(1), MinTime, MaxTime);
        var headers = SectionTexts.Read(policy, "VaryByHeader", faults);
        foreach (var header in headers.Where(header => header.Length > 0 && !HeaderNames.IsName(header)))
            faults.Add(
                new Fault(
                    $"{policy.Path}:VaryByHeader",
                    $"'{header}' is not the name of a header.",
                    "Write it as 'Accept-Language'."
                )
            );
        return faults.Count > before ? null : new(expiration, headers);
    }
}
