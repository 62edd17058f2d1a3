using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads the sections <c>Authentication</c>, <c>Authorization</c>, <c>Cors</c>, <c>RateLimiter</c> and
/// <c>OutputCache</c>: the policies to which routes refer by name.
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
    private static readonly string[] CacheMembers = ["SizeLimit", "MaxBodyBytes", "Policies"];

    public PolicyModel Read()
    {
        var schemes = new SchemesConfigReader(configuration.GetSection(SchemesConfigReader.Path), faults).Read();
        var cors = configuration.GetSection("Cors");
        UnknownMembers.Find(configuration.GetSection("Authorization"), ["Policies"], faults);
        UnknownMembers.Find(cors, ["Default", "Policies"], faults);
        UnknownMembers.Find(configuration.GetSection("RateLimiter"), ["Policies"], faults);
        return new(
            schemes,
            Named("Authorization", policy => Access(policy, schemes)),
            Named("Cors", Cors),
            cors.GetSection("Default") is var preset && preset.GetChildren().Any() ? Cors(preset) : null,
            Named("RateLimiter", policy => new RateLimitConfigReader(policy, faults).Read()),
            Cache(configuration.GetSection("OutputCache"))
        );
    }

    private FrozenDictionary<string, TPolicy> Named<TPolicy>(string section, Func<IConfigurationSection, TPolicy?> read)
        where TPolicy : class => PolicyNames.Read(configuration.GetSection($"{section}:Policies"), read, faults);

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
        UnknownMembers.Find(section, CacheMembers, faults);
        var values = new SectionValues(section, faults);
        return new(
            values.Number("SizeLimit", PresetSizeLimit, 1, int.MaxValue),
            values.Number("MaxBodyBytes", PresetBodyBytes, 1, int.MaxValue),
            Named("OutputCache", OutputCache)
        );
    }

    private OutputCachePolicyModel? OutputCache(IConfigurationSection policy)
    {
        var before = faults.Count;
        UnknownMembers.Find(policy, ["Expiration", "VaryByHeader"], faults);
        var values = new SectionValues(policy, faults);
        var expiration = values.Time("Expiration", TimeSpan.FromMinutes(1), MinTime, MaxTime);
        var headers = SectionTexts.Read(policy, "VaryByHeader", faults);
        return faults.Count > before ? null : new(expiration, headers);
    }
}
