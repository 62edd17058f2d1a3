using CsCheck;
using Microsoft.Extensions.Configuration;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Reloading;

public sealed class SectionStampTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["aB:1"], 1, 4]
        .Where(name => name.Trim(':') == name && !name.Contains("::", StringComparison.Ordinal));

    private static readonly Gen<Dictionary<string, string>> Values = Gen.Dictionary(
            Name,
            Gen.String[Gen.Char["aB:1"], 0, 3]
        )[0, 4]
        .Where(values => values.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() == values.Count);

    /// <summary>As .NET's configuration sees them: keys in any case and order, values exactly.</summary>
    [Fact]
    public void Of_TwoSections_IsEqualIfAndOnlyIfTheirContentIs() =>
        Gen.Select(Values, Values)
            .Sample(
                (one, other) =>
                {
                    Assert.Equal(Content(one) == Content(other), Stamp(one) == Stamp(other));
                    Assert.Equal(
                        Stamp(one),
                        Stamp(one.Reverse().ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => pair.Value))
                    );
                },
                iter: 2_000
            );

    private static string Content(Dictionary<string, string> values) =>
        string.Join(
            '\n',
            Section(values)
                .AsEnumerable(makePathsRelative: true)
                .Select(pair => $"{pair.Key.ToLowerInvariant()}={pair.Value ?? "\0"}")
                .Order(StringComparer.Ordinal)
        );

    private static string Stamp(Dictionary<string, string> values) => SectionStamp.Of(Section(values));

    private static IConfigurationSection Section(Dictionary<string, string> values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                values.Select(pair => new KeyValuePair<string, string?>($"S:{pair.Key}", pair.Value))
            )
            .Build()
            .GetSection("S");
}
