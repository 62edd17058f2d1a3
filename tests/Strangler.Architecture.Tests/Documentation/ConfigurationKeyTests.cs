using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

public sealed partial class ConfigurationKeyTests
{
    private static readonly StringComparer IgnoreCase = StringComparer.OrdinalIgnoreCase;

    /// <summary>All but the one that lists former keys.</summary>
    public static TheoryData<string> Pages => [.. MarkdownFile.Paths.Where(path => path != "CHANGELOG.md")];

    [Fact]
    public void Page_Keys_AreThoseThatTheCodeReads() => Assert.Empty(Differing(ConfigurationPage.Read()));

    [Theory]
    [InlineData("| `Gateway:NoSuchKey` |", "Gateway:NoSuchKey is documented and not read")]
    [InlineData("| `Strangler:Shadow:Shares` |", "Strangler:Shadow:Shares is documented and not read")]
    [InlineData("| `Gateway:Urls` |\n| `gateway:urls` |", "gateway:urls is documented twice")]
    public void Differing_PlantedOffender_IsFound(string rows, string found) =>
        Assert.Contains(found, Differing(ConfigurationPage.Of(rows)));

    [Theory]
    [InlineData("Gateway:Urls")]
    [InlineData("Store:BridgeConnectionString")]
    [InlineData("Log:SegmentAge")]
    [InlineData("Source:slot.name")]
    [InlineData("Projections:Include")]
    [InlineData("Strangler:AnswerHeaders")]
    [InlineData("Strangler:Compare:Tolerances:N:Relative")]
    [InlineData("Strangler:Shadow:AskAgain:Pause")]
    [InlineData("Strangler:Recheck:Share")]
    public void Differing_KeyLeftOut_IsFound(string key) =>
        Assert.Contains($"{key} is read and not documented", Differing(ConfigurationPage.Of("")));

    /// <summary>Pages also name keys by their last words: <c>Shadow:Delay</c>.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_KeysInCode_AreRead(string path) => Assert.Empty(Unread(MarkdownFile.Read(path)));

    [Theory]
    [InlineData("`Shadow:NoSuchKey`", "planted.md:1: Shadow:NoSuchKey")]
    [InlineData("`Gateway:Shadow`", "planted.md:1: Gateway:Shadow")]
    [InlineData("`Projections:Assemblies:0` and `Compare:Parts` and `Gate:MinKey`", "planted.md:1: Gate:MinKey")]
    public void Unread_PlantedOffender_IsFound(string text, string found) =>
        Assert.Equal([found], Unread(new("planted.md", text)));

    private static List<string> Differing(MarkdownFile page)
    {
        var documented = ConfigurationPage.Keys(page).Select(row => row.Code("Key")).ToList();
        var twice = documented.Where((key, i) => documented.Take(i).Contains(key, IgnoreCase));
        return
        [
            .. documented.Except(KnownKeys.Asked, IgnoreCase).Select(key => $"{key} is documented and not read"),
            .. twice.Select(key => $"{key} is documented twice"),
            .. KnownKeys.All.Except(documented, IgnoreCase).Select(key => $"{key} is read and not documented"),
        ];
    }

    private static List<string> Unread(MarkdownFile page) =>
        [
            .. from code in page.Code
            where KeyText().IsMatch(code.Text) && !IsRead(Entry().Replace(code.Text, ":N"))
            select $"{page.Path}:{code.Line}: {code.Text}",
        ];

    private static bool IsRead(string key) =>
        KnownKeys.Asked.Any(known =>
            IgnoreCase.Equals(known, key)
            || IgnoreCase.Equals($"{known}:N", key)
            || (
                known.StartsWith("Strangler:", StringComparison.Ordinal)
                && known.EndsWith($":{key}", StringComparison.OrdinalIgnoreCase)
            )
        );

    [GeneratedRegex("^(Gateway|Projections|Store|Log|Strangler|Shadow|Gate|Compare)(:[A-Za-z0-9]+)+$")]
    private static partial Regex KeyText();

    [GeneratedRegex(":[0-9]+(?=:|$)")]
    private static partial Regex Entry();
}
