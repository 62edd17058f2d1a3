using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Projections.Configuration;
using Xunit;

namespace Strangler.Projections.Tests.Configuration;

public sealed class ProjectionsConfigTests
{
    [Fact]
    public void Read_SeveralFaults_SaysAllOfThemAtOnceWithTheirPaths()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = "Hots=x",
                    ["Log:WaitPoll"] = "soon",
                    ["Projections:KeyLimit"] = "soon",
                    ["Projections:LoadLimit"] = "0:00:00",
                    ["Projections:MaxQuarantined"] = "-1",
                }
            )
            .Build();

        var fault = Assert.Throws<FaultException>(() => ProjectionsConfig.Read(configuration));

        Assert.Equal(
            [
                "Log:WaitPoll",
                "Projections:KeyLimit",
                "Projections:LoadLimit",
                "Projections:MaxQuarantined",
                "Source:topic.prefix",
                "Store:ConnectionString",
            ],
            fault.Faults.Select(one => one.Path).Order()
        );
    }

    [Fact]
    public void Read_LeastConfiguration_HasDefaults()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = "Host=127.0.0.1",
                    ["Source:topic.prefix"] = "shop",
                }
            )
            .Build();

        var config = ProjectionsConfig.Read(configuration);

        Assert.Equal(new ApplierOptions(), config.Options);
        Assert.Equal("shop", config.Source);
        Assert.Equal(("Store:ConnectionString", "Host=127.0.0.1"), (config.StorePath, config.ConnectionString));
    }

    [Fact]
    public void Read_OwnLogin_IsUsedInPlaceOfTheOwnersAndNamedInFaults()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = "Host=owner",
                    ["Store:ProjectionsConnectionString"] = "Host=own",
                    ["Source:topic.prefix"] = "shop",
                }
            )
            .Build();

        var config = ProjectionsConfig.Read(configuration);
        configuration["Store:ProjectionsConnectionString"] = "Hots=own";
        var thrown = Assert.Throws<FaultException>(() => ProjectionsConfig.Read(configuration));

        Assert.Equal(("Store:ProjectionsConnectionString", "Host=own"), (config.StorePath, config.ConnectionString));
        Assert.Equal("Store:ProjectionsConnectionString", Assert.Single(thrown.Faults).Path);
        Assert.Equal("Host=owner", configuration["Store:ConnectionString"]);
    }
}
