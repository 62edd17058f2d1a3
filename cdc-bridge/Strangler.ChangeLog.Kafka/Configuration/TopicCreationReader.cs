using System.Globalization;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Patterns;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>
/// Reads <c>topic.creation.*</c> as Kafka Connect does. A group without a number has the default group's; -1 is the
/// broker's own, also in a group. No fault shows a value, which may be a secret.
/// </summary>
/// <param name="properties">The properties, by what follows <see cref="Root"/>; upper and lower case are alike.</param>
/// <param name="pathOf">Where a property is in the configuration, by its whole name.</param>
/// <param name="faults">Where faults are added.</param>
public sealed class TopicCreationReader(
    IReadOnlyDictionary<string, string> properties,
    Func<string, string> pathOf,
    List<Fault> faults
)
{
    /// <summary>What the names of all properties begin with.</summary>
    public const string Root = "topic.creation.";

    private const string Default = "default";
    private const string Groups = "groups";
    private const string Include = "include";
    private const string Exclude = "exclude";
    private const string Partitions = "partitions";
    private const string Replication = "replication.factor";
    private static readonly string[] OfGroup = [Include, Exclude, Partitions, Replication];

    /// <summary>As Kafka Connect, where the default group is required as soon as any property is set.</summary>
    public TopicCreation ReadAsConnect() => properties.Count == 0 ? new TopicCreation() : Read(isRequired: true);

    /// <summary>As <c>Log:Kafka</c>, where everything may be left out.</summary>
    public TopicCreation Read() => Read(isRequired: false);

    /// <summary>
    /// Properties of groups that <c>topic.creation.groups</c> doesn't name: Kafka Connect ignores them.
    /// </summary>
    public static IEnumerable<string> WithoutGroup(IReadOnlyDictionary<string, string> properties)
    {
        string[] names = [.. Names(properties), Default];
        return properties.Keys.Where(name =>
            !name.Equals(Groups, StringComparison.OrdinalIgnoreCase)
            && !Array.Exists(names, group => name.StartsWith($"{group}.", StringComparison.OrdinalIgnoreCase))
        );
    }

    private TopicCreation Read(bool isRequired)
    {
        var preset = Group(Default, isRequired ? null : new TopicGroup());
        // The default group has every topic that no other has, whatever its patterns are; wrong ones are faults.
        _ = Patterns(Default, Include);
        _ = Patterns(Default, Exclude);
        return new TopicCreation
        {
            Default = preset,
            Groups =
            [
                .. Names(properties)
                    .Where(name => name != Default)
                    .Distinct(StringComparer.OrdinalIgnoreCase)
                    .Select(name =>
                        Group(name, preset) with
                        {
                            Include = Topics(name),
                            Exclude = Patterns(name, Exclude),
                        }
                    ),
            ],
        };
    }

    private TopicGroup Group(string name, TopicGroup? preset) =>
        new()
        {
            Partitions = Number(name, Partitions, int.MaxValue, preset?.Partitions),
            ReplicationFactor = (short)Number(name, Replication, short.MaxValue, preset?.ReplicationFactor),
            Configs = properties
                .Where(pair => pair.Key.StartsWith($"{name}.", StringComparison.OrdinalIgnoreCase))
                .Select(pair => KeyValuePair.Create(pair.Key[(name.Length + 1)..], pair.Value))
                .Where(pair => !OfGroup.Contains(pair.Key, StringComparer.OrdinalIgnoreCase))
                .ToDictionary(),
        };

    private List<JavaPattern> Topics(string group)
    {
        if (!properties.ContainsKey($"{group}.{Include}"))
            Fault($"{group}.{Include}", "It is missing.", "Write the topics of the group, as regular expressions.");
        return Patterns(group, Include);
    }

    /// <summary>
    /// Entries are separated by commas, which can't be a part of one. The names of topics have their case.
    /// </summary>
    private List<JavaPattern> Patterns(string group, string member)
    {
        var patterns = new List<JavaPattern>();
        var name = $"{group}.{member}";
        foreach (var entry in List(properties.GetValueOrDefault(name)))
        {
            try
            {
                patterns.Add(JavaPattern.Compile(entry, pathOf(Root + name), ignoreCase: false));
            }
            catch (ArgumentException)
            {
                Fault(
                    name,
                    "An entry of it is not a regular expression.",
                    "Correct it; entries are separated by commas."
                );
            }
        }
        return patterns;
    }

    private int Number(string group, string member, int max, int? preset)
    {
        var name = $"{group}.{member}";
        if (!properties.TryGetValue(name, out var text))
        {
            if (preset is { } known)
                return known;
            Fault(
                name,
                "It is missing: Kafka Connect requires it as soon as another 'topic.creation' property is set.",
                "Set it to a number, or to -1 for the broker's own."
            );
            return -1;
        }
        if (
            int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && (value == -1 || (value >= 1 && value <= max))
        )
            return value;
        Fault(
            name,
            string.Create(CultureInfo.InvariantCulture, $"It is not a number from 1 to {max}, or -1."),
            "Correct it, or write -1 for the broker's own."
        );
        return -1;
    }

    private void Fault(string name, string problem, string wayOut) =>
        faults.Add(new Fault(pathOf(Root + name), problem, wayOut));

    private static string[] Names(IReadOnlyDictionary<string, string> properties) =>
        List(properties.GetValueOrDefault(Groups));

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
