using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Every property of Debezium's PostgreSQL connector 3.6.1, of Kafka Connect's source connectors and of our own, each
/// in exactly one class. A property that the table doesn't have is a misspelling.
/// </summary>
internal static partial class PropertyTable
{
    public static IReadOnlyList<PropertyRule> All { get; } =
    [.. ConnectionRules.All, .. EventRules.All, .. SnapshotRules.All, .. OperationRules.All, .. ConnectRules.All];

    private static readonly FrozenDictionary<string, PropertyRule> Single = All.Where(rule => rule.Family is null)
        .ToFrozenDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly PropertyRule[] Families = [.. All.Where(rule => rule.Family is not null)];

    /// <summary>A single property's rule comes before a family's; null: the property is unknown.</summary>
    public static PropertyRule? Find(string name) =>
        Single.GetValueOrDefault(name) ?? Array.Find(Families, family => family.IsFor(name));

    /// <summary>The known name that is most like a misspelt one; null if none is.</summary>
    public static string? Nearest(string name, IEnumerable<PropertyRule> rules) =>
        rules
            .Where(rule => rule.Family is null)
            .Select(rule => (rule.Name, Distance: NameDistance.Of(name, rule.Name)))
            .Where(near => near.Distance <= Math.Max(2, near.Name.Length / 4))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Select(near => near.Name)
            .FirstOrDefault();

    /// <summary>
    /// A property's name without what is secret in it: the salt of a hash, also where its form is misspelt.
    /// </summary>
    public static string Shown(string name) => Salt().Replace(name, "$1***");

    public static Regex Prefix(string text) => Family("^" + Regex.Escape(text) + ".");

    public static Regex Family(string pattern) =>
        new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(
        @"^(column\.mask\.hash\.(?:v2\.)?[^.]+\.(?:with\.salt\.)?).+$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Salt();
}
