using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.CdcBridge.Tests.Configuration;

public sealed class ConnectorFileTests
{
    [Theory]
    [InlineData("""{"connector.class":"x","tasks.max":1,"tombstones.on.delete":false,"a":null,"f":1.50}""")]
    [InlineData("""{"config":{"connector.class":"x","tasks.max":"1","tombstones.on.delete":"false","f":"1.50"}}""")]
    public void Parse_FlatOrWrapped_HasTexts(string text) =>
        Assert.Equal(
            [
                KeyValuePair.Create("connector.class", "x"),
                KeyValuePair.Create("f", "1.50"),
                KeyValuePair.Create("tasks.max", "1"),
                KeyValuePair.Create("tombstones.on.delete", "false"),
            ],
            ConnectorFile.Parse(text, "connector.json").OrderBy(pair => pair.Key, StringComparer.Ordinal)
        );

    [Fact]
    public void Parse_Wrapped_HasTheNameBesideIt() =>
        Assert.Equal(
            "shop",
            ConnectorFile.Parse("""{"name":"shop","config":{"connector.class":"x"},"tasks":[],"type":"source"}""", "")[
                "name"
            ]
        );

    [Theory]
    [InlineData("""{"connector.class":"x",}""", "c.json: It is not JSON: line 1, column 24 can't be read.")]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2\n}", "c.json: It is not JSON: line 3, column 3 can't be read.")]
    [InlineData("", "c.json: It is not JSON: line 1, column 1 can't be read.")]
    [InlineData("[]", "c.json: It is not a connector's configuration. Write an object with the properties in it.")]
    [InlineData(
        """{"connector.class":"x","transforms":["a"]}""",
        "c.json:transforms: Its value is a list, and a property of a connector is a text, a number, true or false."
    )]
    [InlineData("""{"connector.class":"x","transforms":{"a":1}}""", "c.json:transforms: Its value is an object")]
    [InlineData("""{"connector.class":"x","a":1,"a":2}""", "c.json:a: The property is written twice.")]
    [InlineData(
        """{"config":{"connector.class":"x"},"slot.name":"s"}""",
        "c.json:slot.name: It stands beside 'config'"
    )]
    public void Parse_Faulty_SaysWhere(string text, string sentence) =>
        Assert.StartsWith(
            sentence,
            Assert.Single(Assert.Throws<FaultException>(() => ConnectorFile.Parse(text, "c.json")).Faults).ToString(),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"connector.class":"x"}""", true)]
    [InlineData("""{"name":"a","config":{"connector.class":"x"}}""", true)]
    [InlineData("""{"connector.class":"x" """, true)]
    [InlineData("""{"Source":{"connector.class":"x"}, /* ours */ }""", false)]
    [InlineData("""{"Store":{}}""", false)]
    [InlineData("{", false)]
    [InlineData("[1]", false)]
    public void Is_File_IsToldByItsClass(string text, bool isConnector) =>
        Assert.Equal(isConnector, ConnectorFile.Is(text));
}
