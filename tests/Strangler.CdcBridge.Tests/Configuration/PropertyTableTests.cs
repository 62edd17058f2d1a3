using Strangler.CdcBridge.Configuration;
using Xunit;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>The table has every property of the connector and of the router, and the readers keep to it.</summary>
public sealed class PropertyTableTests
{
    private const string OfConnector = "debezium-3.6.1-properties.tsv";
    private const string OfRouter = "debezium-3.6.1-outbox-router-properties.tsv";

    /// <summary>Their defaults are in the connector's code and not in its list.</summary>
    private static readonly Dictionary<string, string> OtherDefaults = new()
    {
        ["lsn.flush.mode"] = "connector",
        ["snapshot.fetch.size"] = "10240",
        ["custom.sanitize.pattern"] = "see the note",
    };

    [Fact]
    public void List_OfTheConnector_HasItsLength() =>
        Assert.Equal((150, 18), (Listed(OfConnector).Count, Listed(OfRouter).Count));

    [Fact]
    public void Property_OfTheConnector_IsInExactlyOneClass() =>
        Assert.Empty(
            Listed(OfConnector)
                .Select(listed => (listed.Name, PropertyTable.All.Count(rule => rule.Name == listed.Name)))
                .Where(property => property.Item2 != 1)
                .ToList()
        );

    [Fact]
    public void Property_OfTheRouter_IsInExactlyOneClass() =>
        Assert.Empty(
            Listed(OfRouter)
                .Select(listed => (listed.Name, OutboxRules.All.Count(rule => rule.Name == listed.Name)))
                .Where(property => property.Item2 != 1)
                .ToList()
        );

    [Fact]
    public void Default_OfEachProperty_IsTheConnectors() =>
        Assert.Empty(
            from listed in Listed(OfConnector)
            let rule = PropertyTable.All.Single(rule => rule.Name == listed.Name)
            let expected = OtherDefaults.GetValueOrDefault(listed.Name, listed.Default)
            where rule.Default != expected
            select $"{listed.Name}: '{rule.Default}', not '{expected}'"
        );

    [Fact]
    public void Default_OfEachPropertyOfTheRouter_IsItsOwn() =>
        Assert.Empty(
            from listed in Listed(OfRouter)
            let rule = OutboxRules.All.Single(rule => rule.Name == listed.Name)
            where rule.Default != listed.Default
            select $"{listed.Name}: '{rule.Default}', not '{listed.Default}'"
        );

    [Fact]
    public void Rules_NoTwo_HaveOneName() =>
        Assert.Empty(
            PropertyTable
                .All.GroupBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
                .Select(group => group.Key)
        );

    /// <summary>What the readers ask for is honoured, and nothing else is called so.</summary>
    [Fact]
    public void Honoured_Properties_AreThoseThatAreRead()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);

        ConnectorProperties.TryRead([], asked);

        Assert.Equal(
            PropertyTable
                .All.Where(rule => rule is { Treatment: PropertyTreatment.Honoured, Family: null })
                .Select(rule => rule.Name)
                .Except(["topic.creation.groups"]) // with its family
                .Order(StringComparer.Ordinal),
            asked.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Honoured_PropertiesOfTheRouter_AreThoseThatAreRead()
    {
        const string Prefix = "transforms.outbox.";
        var asked = new HashSet<string>(StringComparer.Ordinal);

        ConnectorProperties.TryRead(
            [("transforms", "outbox"), ($"{Prefix}type", "io.debezium.transforms.outbox.EventRouter")],
            asked
        );

        Assert.Equal(
            OutboxRules
                .All.Where(rule => rule.Treatment == PropertyTreatment.Honoured)
                .Select(rule => Prefix + rule.Name)
                .Order(StringComparer.Ordinal),
            asked.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Refused_DefaultOfEachProperty_IsAccepted() =>
        Assert.Empty(
            from rule in PropertyTable.All
            where rule.Treatment == PropertyTreatment.Refused && rule.Default.Length > 0
            where !rule.AcceptedIn(EventFormat.Debezium36).Contains(rule.Default)
            select rule.Name
        );

    /// <summary>Every row of the class, with a value that nothing accepts.</summary>
    [Fact]
    public void Refused_PropertiesWithAnotherValue_AreFaultsOnce()
    {
        foreach (var rule in PropertyTable.All.Where(rule => rule.Treatment == PropertyTreatment.Refused))
        {
            var name = rule.Name.Replace("*", "x", StringComparison.Ordinal);

            var fault = Assert.Single(ConnectorProperties.FaultsOf((name, "something")));

            Assert.Equal($"Source:{name}", fault.Path);
            Assert.Contains(rule.Note, fault.Problem, StringComparison.Ordinal);
            Assert.NotEmpty(fault.WayOut);
        }
    }

    [Fact]
    public void WithoutEffect_Properties_AreNamedOnce()
    {
        var names = PropertyTable
            .All.Where(rule => rule.Treatment == PropertyTreatment.WithoutEffect)
            .Select(rule => rule.Name.Replace("*", "x", StringComparison.Ordinal))
            .ToList();

        var config = ConnectorProperties.Read([.. names.Select(name => (name, (string?)"1"))]);

        Assert.Equal(
            names.Select(name => $"Source:{name}").Order(StringComparer.Ordinal),
            config.Notices.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("tabel.include.list", "table.include.list")]
    [InlineData("slot.nam", "slot.name")]
    [InlineData("decimal.handlingmode", "decimal.handling.mode")]
    [InlineData("Slot.Names", "slot.name")]
    [InlineData("whatever", null)]
    public void Nearest_Misspelling_FindsTheName(string name, string? found) =>
        Assert.Equal(found, PropertyTable.Nearest(name, PropertyTable.All));

    private static List<(string Name, string Default)> Listed(string file) =>
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", file))
                .Skip(1)
                .Select(line => line.Split('\t'))
                .Select(cells => (cells[0], cells[2])),
        ];
}
