using Microsoft.Extensions.Configuration;
using Strangler.Demo.Sample;
using Strangler.Gateway;
using Strangler.Projections;
using Xunit;

namespace Strangler.Cli.Tests.Sample;

/// <summary>The rooms read what the demo writes.</summary>
public sealed class SampleConfigurationTests : IDisposable
{
    private static readonly SampleFiles Files = SampleFiles.Beside(AppContext.BaseDirectory);
    private static readonly SampleAddresses Addresses = new(
        "Host=127.0.0.1;Port=5433;Username=u;Password=p;Database=strangler",
        5434,
        "shop",
        Files,
        new("http://127.0.0.1:9000/"),
        new("http://127.0.0.1:8080/"),
        new("http://127.0.0.1:8081/"),
        new("http://127.0.0.1:8082/")
    );

    private readonly string _file = Path.GetTempFileName();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Write_UsualSystem_HasNoFaultForTheGateway()
    {
        var configuration = Configuration(SampleVariant.Usual);
        var responders = ProjectionAssemblies.Load(configuration);

        Assert.Equal(["ItemAvailability", "ItemDetails"], responders.Select(responder => responder.Projection.Name));
        Assert.Empty(GatewayCheck.Check(configuration, responders));
    }

    [Fact]
    public async Task Write_EachPlantedFault_BuildsItsProjectionInPlaceOfTheRealOneAndHasNoFaultForTheGateway()
    {
        foreach (var fault in await PlantedFaults.ReadAsync(Files, Cancelled))
        {
            var configuration = Configuration(
                new(fault, 5, new Dictionary<string, int> { ["availability"] = 60, ["item"] = 60 })
            );
            var responders = ProjectionAssemblies.Load(configuration);

            Assert.Equal(
                [fault.Projection, "ItemDetails"],
                responders
                    .Select(responder => responder.Projection.Name)
                    .Order(StringComparer.Ordinal)
                    .OrderBy(name => name == "ItemDetails")
            );
            Assert.Equal(fault.Projection, configuration["ReverseProxy:Routes:availability:Strangler:Projection"]);
            Assert.Empty(GatewayCheck.Check(configuration, responders));
        }
    }

    [Fact]
    public void Write_CacheOfFiveSeconds_IsDeclaredWhereAvailabilitiesAreAnsweredAndNowhereElse()
    {
        var configuration = Configuration(SampleVariant.Usual with { CacheSeconds = 5 });

        Assert.Equal(
            ["00:00:05", "00:00:05", null],
            SampleConfiguration.RouteIds.Select(route =>
                configuration[$"ReverseProxy:Routes:{route}:Strangler:Shadow:LegacyStaleness"]
            )
        );
    }

    private IConfigurationRoot Configuration(SampleVariant variant)
    {
        File.WriteAllText(
            _file,
            SampleConfiguration.Write(
                Addresses,
                new("bridge", "secret", ["public.item"]),
                new("gateway", "secret"),
                variant
            )
        );
        return new ConfigurationBuilder().AddJsonFile(_file).Build();
    }
}
