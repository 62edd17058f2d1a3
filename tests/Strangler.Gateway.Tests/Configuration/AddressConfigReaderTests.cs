using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

public sealed class AddressConfigReaderTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://a:1", "Urls=http://a:1")]
    [InlineData("http://a:1 https://b:2", "Urls= http://a:1; https://b:2 ;")]
    [InlineData("http://g:1", "Urls=http://a:1", "Gateway:Urls=http://g:1")]
    [InlineData("http://a:1", "Urls=http://a:1", "Gateway:Urls=")]
    [InlineData("http://a:1", "Urls=http://a:1", "HTTP_PORTS=5")]
    [InlineData("http://*:5 http://*:6 https://*:7", "HTTP_PORTS=5;6", "HTTPS_PORTS=7")]
    [InlineData("", "Kestrel:Endpoints:one:Url=http://a:1")]
    [InlineData("http://u:2", "Kestrel:Endpoints:one:Url=http://a:1", "Urls=http://u:2")]
    public void Urls_Settings_CountInTheirOrder(string expected, params string[] settings)
    {
        var faults = new List<Fault>();

        var urls = AddressConfigReader.Urls(Configured(settings), faults);

        Assert.Equal(expected, string.Join(' ', urls));
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("http://*:80", true)]
    [InlineData("http://+:80", true)]
    [InlineData("https://localhost", true)]
    [InlineData("http://[::1]:5000/", true)]
    [InlineData("http://unix:/run/gateway.sock", true)]
    [InlineData("http://127.0.0.1:99999", false)]
    [InlineData("http://127.0.0.1:port", false)]
    [InlineData("http://user:word@127.0.0.1:80", false)]
    [InlineData("http://127.0.0.1:80/path", false)]
    [InlineData("127.0.0.1:80", false)]
    [InlineData("tcp://127.0.0.1:80", false)]
    public void Urls_Address_IsAcceptedIfKestrelAcceptsIt(string url, bool isAccepted)
    {
        var faults = new List<Fault>();

        AddressConfigReader.Urls(Configured($"Urls={url}"), faults);

        Assert.Equal(isAccepted ? [] : ["Urls"], faults.Select(fault => fault.Path));
        Assert.DoesNotContain(faults, fault => fault.Problem.Contains("word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8081")]
    [InlineData("http://localhost:7", "Gateway:Admin=http://localhost:7")]
    [InlineData("http://127.0.0.1:8081", "Urls=http://*:8181")]
    public void Admin_WithoutASetting_IsAlwaysTheSame(string expected, params string[] settings)
    {
        var faults = new List<Fault>();

        Assert.Equal(expected, AddressConfigReader.Admin(Configured(settings), faults));
        Assert.Empty(faults);
    }

    /// <summary>Were it another one then, a command that doesn't know would send its token to the gateway.</summary>
    [Theory]
    [InlineData("Urls=http://*:8081")]
    [InlineData("Kestrel:Endpoints:one:Url=http://localhost:8081")]
    public void Admin_WithoutASettingAtThePortOfTheGateway_IsAFault(string setting)
    {
        var faults = new List<Fault>();

        Assert.Equal("http://127.0.0.1:8081", AddressConfigReader.Admin(Configured(setting), faults));
        Assert.Equal("Gateway:Admin", Assert.Single(faults).Path);
    }

    [Fact]
    public void Admin_PortOfAnEndpointOfKestrel_IsAFault()
    {
        var faults = new List<Fault>();

        AddressConfigReader.Admin(
            Configured("Kestrel:Endpoints:one:Url=http://localhost:81", "Gateway:Admin=http://127.0.0.1:81"),
            faults
        );

        Assert.Equal("Gateway:Admin", Assert.Single(faults).Path);
    }

    private static IConfigurationRoot Configured(params string[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Select(setting => setting.Split('=', 2))
                    .Select(pair => new KeyValuePair<string, string?>(pair[0], pair[1]))
            )
            .Build();
}
