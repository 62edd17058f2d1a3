using Microsoft.Extensions.Configuration;
using Strangler.Cli.Up;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>Changes this process's environment, which commands of other tests would inherit: it runs alone.</summary>
[Collection(nameof(PartVariablesTests))]
[CollectionDefinition(nameof(PartVariablesTests), DisableParallelization = true)]
public sealed class PartVariablesTests
{
    /// <summary>.NET treats <c>__</c> and <c>:</c> in a variable's name alike, and ignores case.</summary>
    [Theory]
    [InlineData("STRANGLER__Source__database.password", "bridge")]
    [InlineData("STRANGLER__Source:database.password", "bridge")]
    [InlineData("STRANGLER:Source:database.password", "bridge")]
    [InlineData("strangler__SOURCE:DATABASE.PASSWORD", "bridge")]
    [InlineData("STRANGLER__Store:BridgeConnectionString", "bridge")]
    [InlineData("Strangler:Store__ProjectionsConnectionString", "projections")]
    [InlineData("STRANGLER:Store:GatewayConnectionString", "gateway")]
    [InlineData("STRANGLER__Gateway:Source", "gateway")]
    [InlineData("STRANGLER:Kestrel:Certificates:Default:Password", "gateway")]
    [InlineData("STRANGLER:ReverseProxy__Clusters:legacy:HttpRequest:Version", "gateway")]
    public void Variables_HoweverSpelt_AreTheirPartsAlone(string variable, string owner)
    {
        foreach (var part in (string[])["bridge", "projections", "gateway"])
            Assert.Equal(part != owner, PartVariables.For(part, [variable, "PATH"]).ContainsKey(variable));
        Assert.Equal("x", Environment(variable)[Path(variable)]);

        // the part would read the variable as .NET maps it
        static string Path(string name) => name.Replace("__", ":", StringComparison.Ordinal)["STRANGLER:".Length..];

        static IConfiguration Environment(string name)
        {
            System.Environment.SetEnvironmentVariable(name, "x");
            try
            {
                return new ConfigurationBuilder().AddEnvironmentVariables("STRANGLER__").Build();
            }
            finally
            {
                System.Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
