using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

public sealed class HeaderRulesTests
{
    /// <summary>What clients send (curl, fetch, axios, jQuery, Ruby, browsers), and what RFC 9110 says of it.</summary>
    [Theory]
    [InlineData("Accept", "", true)]
    [InlineData("Accept", "*/*", true)]
    [InlineData("Accept", "application/json", true)]
    [InlineData("Accept", "application/json, text/plain, */*", true)]
    [InlineData("Accept", "application/json, text/javascript, */*; q=0.01", true)]
    [InlineData("Accept", "application/vnd.api+json", false)] // a version, perhaps
    [InlineData("Accept", "application/json;version=2", false)]
    [InlineData("Accept", "application/json;charset=UTF-8;q=0.9", true)]
    [InlineData("Accept", "application/json, application/xml", true)]
    [InlineData("Accept", "*/*, application/xml", false)] // some servers answer the most specific type
    [InlineData("Accept", "application/*, application/json, */*", true)]
    [InlineData("Accept", "text/plain;q=0.5, application/json", true)]
    [InlineData("Accept", "APPLICATION/JSON ; charset=utf-8", true)]
    [InlineData("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    [InlineData("Accept", "text/html, application/json", false)]
    [InlineData("Accept", "text/csv", false)]
    [InlineData("Accept", "application/json;q=0", false)]
    [InlineData("Accept", "application/json;q=0.1, text/html;q=0.2", false)]
    [InlineData("Accept", "application/json;q=x", false)]
    [InlineData("Accept-Charset", "utf-8, iso-8859-1;q=0.5", true)]
    [InlineData("Accept-Charset", "*", true)]
    [InlineData("Accept-Charset", "iso-8859-1", false)]
    [InlineData("Accept-Charset", "utf-8;q=0", false)]
    [InlineData("Accept-Encoding", "gzip, deflate, br", true)]
    [InlineData("Accept-Encoding", "", true)]
    [InlineData("Accept-Encoding", "identity;q=0.5, *;q=0", true)]
    [InlineData("Accept-Encoding", "gzip, identity;q=0", false)]
    [InlineData("Accept-Encoding", "gzip, *;q=0", false)]
    [InlineData("Accept-Encoding", "gzip, *;q=0.0", false)]
    [InlineData("Accept-Language", "", true)]
    [InlineData("Accept-Language", "*", true)]
    [InlineData("Accept-Language", "en", false)]
    [InlineData("Accept-Language", "de-DE,de;q=0.9", false)]
    [InlineData("Origin", "https://shop.example", false)]
    [InlineData("Range", "bytes=0-1", false)]
    [InlineData("If-None-Match", "\"a\"", false)]
    [InlineData("If-Modified-Since", "Tue, 01 Dec 2026 10:00:00 GMT", false)]
    [InlineData("Prefer", "return=minimal", false)]
    [InlineData("User-Agent", "curl/8.0", true)]
    public void FindUndeclared_UsualValues_Table(string name, string value, bool isDefault) =>
        Assert.Equal(
            isDefault ? null : name,
            HeaderRules.FindUndeclared(HeaderInputs.None, new HeaderDictionary { [name.ToLowerInvariant()] = value })
        );

    [Theory]
    [InlineData("Accept-Language", "en", null)] // declared: Respond gets it
    [InlineData("Range", "bytes=0-1", null)] // ignored
    [InlineData("Accept", "text/html", null)] // the route's own default
    [InlineData("Accept", "application/json", "Accept")] // counts in place of the usual one
    [InlineData("X-Tenant", "main", null)]
    [InlineData("X-Tenant", "Main", "X-Tenant")] // values are compared exactly
    [InlineData("X-Tenant", "other", "X-Tenant")]
    [InlineData("If-Match", "*", "If-Match")]
    public void FindUndeclared_RouteThatSaysOf_Table(string name, string value, string? undeclared) =>
        Assert.Equal(undeclared, HeaderRules.FindUndeclared(Route(), new HeaderDictionary { [name] = value }));

    [Fact]
    public void FindUndeclared_SeveralLines_AreOneValue()
    {
        var headers = new HeaderDictionary { ["Accept"] = new(["application/json", "text/html"]) };
        Assert.Null(HeaderRules.FindUndeclared(HeaderInputs.None, headers));

        headers = new HeaderDictionary { ["X-Tenant"] = new(["main", "main"]) };
        Assert.Equal("X-Tenant", HeaderRules.FindUndeclared(Route(), headers));
    }

    [Fact]
    public void Declared_HeadersOfARequest_AreThoseThatTheRouteNames()
    {
        var declared = HeaderRules.Declared(
            Route(),
            new HeaderDictionary { ["accept-language"] = new(["de", " en"]), ["X-Other"] = "1" }
        );

        Assert.Equal("de, en", Assert.Single(declared).Value);
        Assert.Equal("de, en", declared["ACCEPT-LANGUAGE"]);
    }

    [Theory]
    [InlineData("Headers", "Accept-Language", "Write it in brackets")]
    [InlineData("Headers:0", "Accept Language", "is not the name of a header")]
    [InlineData("Headers:0", "Cookie", "identifies the caller")]
    [InlineData("IgnoreHeaders:0", "authorization", "identifies the caller")]
    [InlineData("HeaderDefaults:X-Api-Key", "a", "identifies the caller")]
    [InlineData("IgnoreHeaders:1", "ACCEPT-language", "is in 'Headers' too")]
    public void Read_FaultyMember_IsAFault(string key, string value, string said)
    {
        var faults = new List<Fault>();
        HeaderInputsReader.Read(Section((key, value), ("Headers:7", "Accept-Language")), faults);

        Assert.Contains(faults, fault => fault.ToString().Contains(said, StringComparison.Ordinal));
    }

    /// <summary>The policy answers what the header asks, also for legacy.</summary>
    [Theory]
    [InlineData("X-Any", true)]
    [InlineData("Headers:0", false)]
    [InlineData("HeaderDefaults:Origin", false)]
    public void Read_RouteWithACorsPolicy_IgnoresOriginUnlessItSaysMore(string key, bool isIgnored)
    {
        var section = Section((key, "Origin"));

        Assert.Equal(isIgnored, HeaderInputsReader.Read(section, [], hasCors: true).Ignored.Contains("origin"));
        Assert.DoesNotContain("Origin", HeaderInputsReader.Read(section, [], hasCors: false).Ignored);
    }

    private static HeaderInputs Route()
    {
        var faults = new List<Fault>();
        var read = HeaderInputsReader.Read(
            Section(
                ("Headers:0", "Accept-Language"),
                ("IgnoreHeaders:0", "range"),
                ("HeaderDefaults:Accept:0", "text/html"),
                ("HeaderDefaults:Accept:1", "*/*"),
                ("HeaderDefaults:X-Tenant", "main")
            ),
            faults
        );
        Assert.Empty(faults);
        return read;
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(one => new KeyValuePair<string, string?>($"S:{one.Key}", one.Value)))
            .Build()
            .GetSection("S");
}
