using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>A reader that rejects nonsense names the key's default and bounds: the page must agree with them.</summary>
public sealed partial class ConfigurationDefaultTests
{
    private static readonly JsonValue Nonsense = JsonValue.Create("nonsense");

    [Fact]
    public void Page_DefaultsAndBounds_AreThoseOfTheReaders()
    {
        var page = ConfigurationPage.Read();

        Assert.True(ConfigurationPage.Keys(page).SelectMany(row => Named(row.Code("Key"))).Count() > 40);
        Assert.Empty(Mistaken(page));
    }

    [Theory]
    [InlineData("| `Gateway:MaxFallback` | `255` | |", "Default '255', not '256'")]
    [InlineData("| `Source:slot.name` | `strangler` | |", "Default 'strangler', not 'debezium'")]
    [InlineData("| `Log:SegmentAge` | `02:00:00` | |", "Default '02:00:00', not '01:00:00'")]
    [InlineData("| `Projections:KeyLimit` | `00:00:03` | |", "Default '00:00:03', not '00:00:02'")]
    [InlineData("| `Strangler:MaxKeys` | `100` | 1 to 1000 |", "Allowed '1 to 1000', not '1 to 10000'")]
    public void Mistaken_PlantedOffender_IsFound(string row, string found) =>
        Assert.EndsWith(found, Assert.Single(Mistaken(ConfigurationPage.Of(row))), StringComparison.Ordinal);

    private static List<string> Mistaken(MarkdownFile page) =>
        [
            .. from row in ConfigurationPage.Keys(page)
            from named in Named(row.Code("Key"))
            let written = row.Code(named.Title)
            where written.Length > 0 && written != named.Value
            select $"{row.Code("Key")}: {named.Title} '{written}', not '{named.Value}'",
        ];

    private static IEnumerable<(string Title, string Value)> Named(string key) =>
        OfLog(key) is { } preset
            ? [("Default", preset)]
            :
            [
                .. OfSource(key) is { } property ? new[] { ("Default", property) } : [],
                .. ConfigurationPage.FaultsAt(key, Nonsense).SelectMany(Named),
            ];

    /// <summary>Null: another section's, or a property whose default isn't one value.</summary>
    private static string? OfSource(string key) =>
        key.StartsWith("Source:", StringComparison.Ordinal)
        && PropertyTable.Find(key["Source:".Length..])?.DefaultIn(EventFormat.Strangler)
            is { Length: > 0 }
                and not "see the note"
                and var preset
            ? preset
            : null;

    private static IEnumerable<(string Title, string Value)> Named(Fault fault)
    {
        var (preset, bounds) = (Preset().Match(fault.WayOut), Bounds().Match(fault.Problem));
        if (preset.Success)
            yield return ("Default", preset.Groups["value"].Value);
        if (bounds.Success)
            yield return ("Allowed", bounds.Groups["value"].Value);
    }

    /// <summary>The log's are those of its options; null: the key is another section's.</summary>
    private static string? OfLog(string key)
    {
        const string Log = "Log:";
        if (!key.StartsWith(Log, StringComparison.Ordinal) || key.StartsWith("Log:Kafka:", StringComparison.Ordinal))
            return null;
        return typeof(EmbeddedLogOptions).GetProperty(key[Log.Length..])!.GetValue(new EmbeddedLogOptions()) switch
        {
            TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
            { } value => Convert.ToString(value, CultureInfo.InvariantCulture),
            null => "none",
        };
    }

    [GeneratedRegex(@"(leave it out for|as in) '?(?<value>\d[\d:.]*?)'?(\.?$|,)")]
    private static partial Regex Preset();

    [GeneratedRegex(@"is not a whole number from (?<value>\d+ to \d+)\.$")]
    private static partial Regex Bounds();
}
