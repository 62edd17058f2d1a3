using Microsoft.Extensions.Configuration;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>Which parts a configuration enables follows from its sections.</summary>
public sealed class EnabledPartsTests
{
    private const string Route = "ReverseProxy:Routes:item:";

    [Theory]
    [InlineData("")]
    [InlineData("gateway", Route + "Match:Path=/")]
    [InlineData("gateway", "Gateway:Admin=http://127.0.0.1:1")]
    [InlineData("bridge", "Source:topic.prefix=shop")]
    [InlineData("projections", "Projections:Assemblies:0=Shop.dll")]
    [InlineData("bridge projections", "Source:topic.prefix=shop", "Projections:Moments=http://127.0.0.1:1")]
    [InlineData(
        "bridge projections gateway",
        Route + "Match:Path=/",
        "Source:topic.prefix=shop",
        "Projections:Assemblies:0=Shop.dll"
    )]
    // every configuration that is read from a file has these two
    [InlineData("", "Gateway:AdminTokenFile=/a", "Projections:MomentsSecretFile=/b")]
    // a variable of another program
    [InlineData("", "Source=/usr/src", "Gateway=10.0.0.1")]
    public void Names_Sections_EnableTheirParts(string names, params string[] settings) =>
        Assert.Equal(names, string.Join(' ', EnabledParts.Of(Configured(settings)).Names));

    [Theory]
    [InlineData(false, Route + "Match:Path=/")]
    [InlineData(false, Route + "Strangler:Stage=legacy")]
    [InlineData(true, Route + "Strangler:Projection=Item")]
    [InlineData(true, "Store:ConnectionString=Host=h")]
    [InlineData(true, "Source:topic.prefix=shop")]
    [InlineData(true, "Projections:Assemblies:0=Shop.dll")]
    public void UsesStore_Settings_NeedItOnlyForDocuments(bool isUsed, params string[] settings) =>
        Assert.Equal(isUsed, EnabledParts.Of(Configured(settings)).UsesStore);

    [Theory]
    [InlineData(
        "Enabled: the gateway with 1 route, a plain proxy; the admin API at 'http://127.0.0.1:8081'.",
        Route + "Match:Path=/"
    )]
    [InlineData(
        "Enabled: the bridge; the gateway with 2 routes, 1 with a projection; the admin API at 'http://127.0.0.1:9'.",
        Route + "Strangler:Projection=Item",
        "ReverseProxy:Routes:rest:Match:Path=/",
        "Source:topic.prefix=shop",
        "Gateway:Admin=http://127.0.0.1:9"
    )]
    public void Summary_Settings_SaysWhatTheyEnable(string summary, params string[] settings) =>
        Assert.Equal(summary, EnabledSummary.Of(Configured(settings), EnabledParts.Of(Configured(settings))));

    private static IConfigurationRoot Configured(string[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Select(setting => setting.Split('=', 2))
                    .Select(pair => new KeyValuePair<string, string?>(pair[0], pair[1]))
            )
            .Build();
}
