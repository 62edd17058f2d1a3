using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge.Configuration;
using Xunit;

namespace Strangler.CdcBridge.Tests.Configuration;

public sealed class BridgeConfigTests
{
    private static readonly Dictionary<string, string?> Valid = new()
    {
        ["Store:ConnectionString"] = "Host=127.0.0.1;Database=strangler",
        ["Source:topic.prefix"] = "shop",
        ["Source:database.hostname"] = "127.0.0.1",
        ["Source:database.user"] = "strangler",
        ["Source:database.dbname"] = "shop",
    };

    [Fact]
    public void Read_DebeziumsNames_AreUnderstood()
    {
        var (config, faults) = Read(
            ("Source:slot.name", "s1"),
            ("Source:publication.name", "p1"),
            ("Source:table.include.list", "public.item, public\\.st.*"),
            ("Source:tasks.max", "1"),
            ("Source:decimal.handling.mode", "string"),
            ("Log:Retention", "2.00:00:00"),
            ("Source:database.port", "5433")
        );

        Assert.Empty(faults);
        Assert.Equal(
            ("shop", "s1", "p1", PublicationMode.Filtered, false),
            (config!.Prefix, config.Slot, config.Publication, config.Mode, config.Resnapshot)
        );
        Assert.True(config.Tables.Selects(new TableName("public", "stock")));
        Assert.False(config.Tables.Selects(new TableName("public", "items")));
        Assert.Equal(["Source:tasks.max"], config.Notices);
        Assert.Equal(TimeSpan.FromDays(2), config.Retention.Age);
        Assert.Contains("Port=5433", config.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OwnLogin_IsUsedInPlaceOfTheOwnersAndNamedInFaults()
    {
        const string Own = "Store:BridgeConnectionString";

        var (with, none) = Read((Own, "Host=own"));
        var (alone, missing) = Read((Own, "Host=own"), ("Store:ConnectionString", null));
        var (_, faults) = Read((Own, "Hots=own"));

        Assert.Empty(none.Concat(missing));
        Assert.All([with, alone], config => Assert.Equal((Own, "Host=own"), (config!.StorePath, config.Store)));
        Assert.Equal(Own, Assert.Single(faults).Path);
    }

    [Fact]
    public void Read_Nothing_FindsAllThatIsMissingAtOnce()
    {
        var (_, faults) = BridgeConfigReader.TryRead(new ConfigurationBuilder().Build());

        Assert.Equal(
            [
                "Source:database.dbname",
                "Source:database.hostname",
                "Source:database.user",
                "Source:topic.prefix",
                "Store:ConnectionString",
            ],
            faults.Select(fault => fault.Path).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("Source:tabel.include.list", "public.item", "The property is unknown")]
    [InlineData("Source:decimal.handling.mode", "precise", "is not supported")]
    [InlineData("Source:column.mask.with.5.chars", "a.b.c", "would change what is captured or written")]
    [InlineData("Source:message.key.columns", "x", "would change what is captured or written")]
    [InlineData("Source:snapshot.include.collection.list", "a.b", "would change what is captured or written")]
    [InlineData("Source:snapshot.select.statement.overrides", "a.b", "would change what is captured or written")]
    [InlineData("Source:heartbeat.action.query", "select 1", "would change what is captured or written")]
    [InlineData("Kafka:bootstrap.servers", "127.0.0.1:9092", "It is for a connector's format")]
    [InlineData("Source:plugin.name", "decoderbufs", "is not supported")]
    [InlineData("Source:publication.autocreate.mode", "all_tables", "without a replica identity fail")]
    [InlineData("Source:slot.name", "Bad-Name", "is not a name that PostgreSQL allows")]
    [InlineData("Source:topic.prefix", "a b", "allowed in a topic name")]
    [InlineData("Source:database.port", "70000", "is not a port")]
    [InlineData("Source:table.include.list", "public.(", "is not a regular expression")]
    [InlineData("Source:resnapshot", "yes", "neither true nor false")]
    [InlineData("Log:Retention", "-1", "is not a time of at least")]
    [InlineData("Log:RetentionBytes", "many", "is not a whole number of at least 1")]
    [InlineData("Store:ConnectionString", "Hots=x", "is not a connection string")]
    public void Read_OneWrongValue_IsThatFault(string name, string value, string problem)
    {
        var (config, faults) = Read((name, value));

        Assert.Null(config);
        var fault = Assert.Single(faults);
        Assert.Equal(name, fault.Path);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(fault.WayOut);
    }

    private static (BridgeConfig? Config, IReadOnlyList<Strangler.Foundation.Faults.Fault> Faults) Read(
        params (string Name, string? Value)[] changes
    )
    {
        var values = new Dictionary<string, string?>(Valid);
        foreach (var (name, value) in changes)
            values[name] = value;
        return BridgeConfigReader.TryRead(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
