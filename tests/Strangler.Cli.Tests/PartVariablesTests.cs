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
    [InlineData("Source__database.password", "bridge")]
    [InlineData("source:database.user", "bridge")]
    [InlineData("Store__ProjectionsConnectionString", "projections")]
    [InlineData("ASPNETCORE_Kestrel__Certificates__Default__Password", "gateway")]
    [InlineData("DOTNET_Gateway__Source", "gateway")]
    [InlineData("Authentication__Schemes__ApiKey__Keys__app__Value", "gateway")]
    [InlineData("STRANGLER:Kestrel:Certificates:Default:Password", "gateway")]
    [InlineData("STRANGLER:ReverseProxy__Clusters:legacy:HttpRequest:Version", "gateway")]
    public void Variables_HoweverSpelt_AreTheirPartsAlone(string variable, string owner)
    {
        foreach (var part in (string[])["bridge", "projections", "gateway"])
            Assert.Equal(part != owner, PartVariables.For(part, [variable, "PATH"]).ContainsKey(variable));
        Assert.Equal("x", Environment(variable)[Path(variable)]);

        // the part would read the variable as .NET maps it
        static string Path(string name)
        {
            var key = name.Replace("__", ":", StringComparison.Ordinal);
            var prefix = new[] { "STRANGLER:", "ASPNETCORE_", "DOTNET_" }.FirstOrDefault(prefix =>
                key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            );
            return key[(prefix?.Length ?? 0)..];
        }

        static IConfiguration Environment(string name)
        {
            System.Environment.SetEnvironmentVariable(name, "x");
            try
            {
                return new ConfigurationBuilder()
                    .AddEnvironmentVariables("ASPNETCORE_")
                    .AddEnvironmentVariables("DOTNET_")
                    .AddEnvironmentVariables()
                    .AddEnvironmentVariables("STRANGLER__")
                    .Build();
            }
            finally
            {
                System.Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
