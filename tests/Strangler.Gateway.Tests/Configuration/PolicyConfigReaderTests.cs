using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

public sealed class PolicyConfigReaderTests
{
    private const string Bearer = "Authentication:Schemes:Bearer:";
    private const string Key = "Authentication:Schemes:ApiKey:Keys:app:";
    private const string Access = "Authorization:Policies:staff";
    private const string Cors = "Cors:Policies:shop";
    private const string Limit = "RateLimiter:Policies:calm";
    private const string Cache = "OutputCache:Policies:brief";

    private static readonly Dictionary<string, string?> Valid = new()
    {
        [Bearer + "Authority"] = "https://login.example",
        [Bearer + "ValidAudiences:0"] = "shop",
        [Key + "Value"] = "0123456789abcdef",
        [Key + "Roles:0"] = "reader",
        [Access + ":Schemes:0"] = "Bearer",
        [Access + ":Roles:0"] = "clerk",
        [Access + ":Claims:scope:0"] = "orders",
        [Cors + ":Origins:0"] = "https://shop.example",
        [Cors + ":Methods:0"] = "GET",
        [Cors + ":Credentials"] = "true",
        [Limit + ":Kind"] = "SlidingWindow",
        [Limit + ":PermitLimit"] = "10",
        [Limit + ":Window"] = "00:00:10",
        [Limit + ":PartitionBy"] = "User",
        [Cache + ":Expiration"] = "00:00:30",
        [Cache + ":VaryByHeader:0"] = "Accept-Language",
        ["ReverseProxy:Routes:all:AuthorizationPolicy"] = "staff",
        ["ReverseProxy:Routes:all:CorsPolicy"] = "shop",
        ["ReverseProxy:Routes:all:RateLimiterPolicy"] = "calm",
        ["ReverseProxy:Routes:all:OutputCachePolicy"] = "brief",
    };

    [Fact]
    public void Read_ValidSections_MeanWhatTheySay()
    {
        var (model, faults) = Read();

        Assert.Empty(faults);
        Assert.Equal(["Bearer", "ApiKey"], model.Schemes.Names);
        var owner = Assert.Single(model.Schemes.ApiKey!.Owners);
        Assert.Equal(("app", "X-Api-Key"), (owner.Name, model.Schemes.ApiKey.Header));
        var access = model.Access["staff"];
        Assert.Equal(["Bearer"], access.Schemes);
        Assert.Equal(["orders"], access.Claims["scope"]);
        Assert.True(model.Cors["shop"].AllowsCredentials);
        var limit = Assert.IsType<RateLimitModel.SlidingWindow>(model.RateLimits["calm"]);
        Assert.Equal(
            (10, TimeSpan.FromSeconds(10), 4, 0, RateLimitScope.User),
            (limit.Permits, limit.Window, limit.Segments, limit.Queue, limit.Scope)
        );
        Assert.Equal(TimeSpan.FromSeconds(30), model.Cache.Policies["brief"].Expiration);
        Assert.DoesNotContain("0123456789abcdef", $"{model} {model.Schemes} {owner}", StringComparison.Ordinal);
    }

    /// <summary>Another program's section may have the same name.</summary>
    [Fact]
    public void Read_SectionsThatNoRouteNeeds_AreLeftAlone()
    {
        var (model, faults) = Read(
            ("Cors:AllowedOrigins", "https://shop.example"),
            ("RateLimiter:PerSecond", "5"),
            ("Authorization:Admins:0", "ada"),
            ("OutputCache:Redis", "127.0.0.1"),
            (Key + "Value", "short"),
            ("ReverseProxy:Routes:all:AuthorizationPolicy", null),
            ("ReverseProxy:Routes:all:CorsPolicy", null),
            ("ReverseProxy:Routes:all:RateLimiterPolicy", null),
            ("ReverseProxy:Routes:all:OutputCachePolicy", null)
        );

        Assert.Empty(faults);
        Assert.Empty(model.Schemes.Names);
        Assert.Empty(model.Access);
        Assert.Empty(model.Cors);
        Assert.Empty(model.RateLimits);
        Assert.Empty(model.Cache.Policies);
    }

    [Theory]
    [InlineData(Bearer + "Authority", null, Bearer + "Authority", "'SigningKeys'")]
    [InlineData(Bearer + "Authority", "http://login.example", Bearer + "Authority", "https://")]
    [InlineData(Bearer + "Authority", "login.example", Bearer + "Authority", "https://")]
    [InlineData(Bearer + "ValidAudiences:0", null, Bearer + "ValidAudiences", "audiences")]
    [InlineData(Bearer + "SigningKeys:0:Value", "AAAA", Bearer + "ValidIssuers", "issuers")]
    [InlineData(Bearer + "SigningKeys:0:Value", "not a key", Bearer + "SigningKeys:0:Value", "Correct it")]
    [InlineData(Key + "Value", "short", Key + "Value", "32 random characters")]
    [InlineData(Key + "Value", null, Key + "Value", "'Sha256'")]
    [InlineData(Key + "Sha256", "abc", Key + "Value", "'Sha256'")]
    [InlineData(Key + "Role", "x", Key + "Role", "'Roles'")]
    [InlineData("Authentication:Schemes:ApiKey:Header", "X Key", "Authentication:Schemes:ApiKey:Header", "'X-Api-Key'")]
    [InlineData(Access + ":Schemes:0", "Basic", Access, "'Bearer' and 'ApiKey'")]
    [InlineData(Access + ":Roles", "clerk", Access + ":Roles", "brackets")]
    [InlineData(Access + ":Role:0", "clerk", Access + ":Role", "'Roles'")]
    [InlineData("Authorization:Policies:Default:Roles:0", "clerk", "Authorization:Policies:Default", "Rename")]
    [InlineData("Authorization:Policy", "x", "Authorization:Policy", "'Policies'")]
    [InlineData(Cors + ":Origins:0", null, Cors + ":Origins", "'https://shop.example'")]
    [InlineData(Cors + ":Origins:0", "https://shop.example/", Cors + ":Origins", "scheme, host and port")]
    [InlineData(Cors + ":Origins:0", "*", Cors + ":Origins", "'Credentials' to false")]
    [InlineData(Cors + ":Origins:1", "*", Cors + ":Origins", "'*' alone")]
    [InlineData(Cors + ":MaxAge", "60", Cors + ":MaxAge", "hours:minutes:seconds")]
    [InlineData(Limit + ":Kind", "LeakyBucket", Limit + ":Kind", "'FixedWindow'")]
    [InlineData(Limit + ":Kind", null, Limit + ":Kind", "'Concurrency'")]
    [InlineData(Limit + ":PermitLimit", null, Limit + ":PermitLimit", "whole number")]
    [InlineData(Limit + ":PermitLimit", "0", Limit + ":PermitLimit", "Correct it")]
    [InlineData(Limit + ":TokenLimit", "5", Limit + ":TokenLimit", "'PermitLimit'")]
    [InlineData(Limit + ":PartitionBy", "Everybody", Limit + ":PartitionBy", "'Address'")]
    [InlineData(Limit + ":QueueLimit", "-1", Limit + ":QueueLimit", "leave it out for 0")]
    [InlineData(Cache + ":Expiration", "30", Cache + ":Expiration", "hours:minutes:seconds")]
    [InlineData(Cache + ":VaryByQuery:0", "*", Cache + ":VaryByQuery", "'VaryByHeader'")]
    [InlineData("OutputCache:SizeLimit", "much", "OutputCache:SizeLimit", "104857600")]
    public void Read_OneFault_IsSaidWithItsPathAndAWayOut(string key, string? value, string path, string wayOut)
    {
        var (_, faults) = Read((key, value));

        Assert.Contains(faults, fault => fault.Path == path && fault.WayOut.Contains(wayOut, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.EndsWith(".", fault.WayOut, StringComparison.Ordinal));
        Assert.DoesNotContain("0123456789abcdef", string.Join('\n', faults), StringComparison.Ordinal);
    }

    /// <summary>ASP.NET Core leaves out the key of an issuer that isn't valid, and refuses its tokens.</summary>
    [Theory]
    [InlineData("ValidIssuer", "https://login.example", "https://login.example", true)]
    [InlineData("ValidIssuers:0", "https://login.example", "https://login.example", true)]
    [InlineData("ValidIssuers:0", "https://login.example", "https://login.example/", false)]
    [InlineData("ValidIssuers:0", "https://login.example", null, false)]
    public void Read_SigningKey_IsOfAValidIssuer(string member, string valid, string? issuer, bool counts)
    {
        var (_, faults) = Read(
            (Bearer + member, valid),
            (Bearer + "SigningKeys:0:Value", "AAAA"),
            (Bearer + "SigningKeys:0:Issuer", issuer)
        );

        Assert.Equal(counts ? [] : [Bearer + "SigningKeys:0:Issuer"], faults.Select(fault => fault.Path));
    }

    private static (PolicyModel Model, IReadOnlyList<Fault> Faults) Read(params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>(Valid);
        foreach (var (key, value) in settings)
        {
            values[key] = value;
            if (value is null)
                values.Remove(key);
        }
        var faults = new List<Fault>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return (new PolicyConfigReader(configuration, faults).Read(), faults);
    }
}
