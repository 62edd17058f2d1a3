using System.Text.Json.Nodes;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

public sealed class ConfigurationExampleTests
{
    [Fact]
    public void Page_CompleteExample_HasNoFault() => Assert.Empty(KnownKeys.Faults(ConfigurationPage.Example()));

    [Fact]
    public void GettingStarted_Configuration_HasNoFault() =>
        Assert.Empty(
            KnownKeys.Faults(KnownKeys.Parse(MarkdownFile.Read("docs/getting-started.md").Blocks("json").First()))
        );

    [Fact]
    public void Template_Configuration_HasNoFault() =>
        Assert.Empty(
            KnownKeys.Faults(
                KnownKeys.Parse(
                    File.ReadAllText(
                        Repository.Full("projections/Strangler.Projections.Templates/content/strangler.json")
                    )
                )
            )
        );

    [Fact]
    public void Page_ExampleOfEachKey_IsTaken() => Assert.Empty(Refused(ConfigurationPage.Read()));

    [Theory]
    [InlineData("| `Gateway:MaxFallback` | | | `0` |")]
    [InlineData("| `Log:SegmentAge` | | | `\"soon\"` |")]
    [InlineData("| `Projections:Moments` | | | `\"http://0.0.0.0:8082\"` |")]
    [InlineData("| `Source:slot.name` | | | `\"Strangler\"` |")]
    [InlineData("| `Strangler:Compare:Tolerances:N:Relative` | | | `2` |")]
    [InlineData("| `Strangler:Shadow:Delay` | | | `\"3\"` |")]
    public void Refused_PlantedOffender_IsFound(string row) => Assert.Single(Refused(ConfigurationPage.Of(row)));

    private static List<string> Refused(MarkdownFile page) =>
        [
            .. from row in ConfigurationPage.Keys(page)
            let key = row.Code("Key")
            from problem in Problems(key, JsonNode.Parse(row.Code("Example")))
            select $"{key}: {problem}",
        ];

    private static IEnumerable<string> Problems(string key, JsonNode? value) =>
        ConfigurationPage.FaultsAt(key, value).Select(fault => fault.Problem);
}
