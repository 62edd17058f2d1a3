using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>Reads the section <c>Log:Kafka</c> of the configuration.</summary>
public static class KafkaOptionsReader
{
    private const string Topics = "topic.creation.";
    private static readonly TimeSpan MinLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxLimit = TimeSpan.FromHours(1);

    /// <summary>The section's options, null if there is no such section.</summary>
    public static KafkaLogOptions? Read(IConfiguration configuration, List<Fault> faults)
    {
        var section = configuration.GetSection(ClientProperties.Path);
        if (!section.Exists())
            return null;
        var values = new SectionValues(section, faults);
        var preset = new KafkaLogOptions { Properties = new Dictionary<string, string>() };
        string[] own = [nameof(preset.DeletesRecords), nameof(preset.RequestLimit)];
        var properties = new Dictionary<string, string>();
        foreach (
            var (key, value) in section
                .AsEnumerable(makePathsRelative: true)
                .Where(one => one.Value is not null && !own.Contains(one.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            var name = key.Replace(':', '.');
            if (!properties.TryAdd(name, value!))
                faults.Add(new($"{section.Path}:{name}", "It is written twice, as a name and as a path.", "Keep one."));
        }
        var clients = properties.Where(one => !one.Key.StartsWith(Topics, StringComparison.Ordinal)).ToDictionary();
        if (!clients.ContainsKey("bootstrap.servers"))
            faults.Add(new($"{section.Path}:bootstrap.servers", "It is missing.", "Write HOST:PORT of a broker."));
        return Of(clients, Creation(properties, faults), faults) with
        {
            DeletesRecords = values.Flag(nameof(preset.DeletesRecords), preset.DeletesRecords),
            RequestLimit = values.Time(nameof(preset.RequestLimit), preset.RequestLimit, MinLimit, MaxLimit),
        };
    }

    /// <summary>Options with these properties of the clients, each of which is checked.</summary>
    public static KafkaLogOptions Of(
        IReadOnlyDictionary<string, string> clients,
        TopicCreation topics,
        List<Fault> faults
    )
    {
        var wrong = new List<Fault>();
        foreach (var role in Enum.GetValues<ClientRole>())
            ClientProperties.For(role, clients, wrong);
        faults.AddRange(wrong.Distinct());
        var preset = new KafkaLogOptions { Properties = clients, Topics = topics };
        return preset with { DeliveryLimit = ClientProperties.DeliveryLimit(clients, preset.DeliveryLimit, faults) };
    }

    /// <summary>Connect's <c>topic.creation.*</c>, out of properties that may hold others.</summary>
    public static TopicCreation Creation(IReadOnlyDictionary<string, string> properties, List<Fault> faults)
    {
        var names = List(properties.GetValueOrDefault(Topics + "groups"));
        return new TopicCreation
        {
            Default = Group("default", properties, faults),
            Groups = [.. names.Where(name => name != "default").Select(name => Group(name, properties, faults))],
        };
    }

    private static TopicGroup Group(string name, IReadOnlyDictionary<string, string> properties, List<Fault> faults)
    {
        var prefix = $"{Topics}{name}.";
        var own = properties
            .Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(one => one.Key[prefix.Length..], one => one.Value);
        string[] ours = ["include", "exclude", "partitions", "replication.factor"];
        return new TopicGroup
        {
            Include = Patterns("include"),
            Exclude = Patterns("exclude"),
            Partitions = Number("partitions", int.MaxValue),
            ReplicationFactor = (short)Number("replication.factor", short.MaxValue),
            Configs = own.Where(one => !ours.Contains(one.Key)).ToDictionary(),
        };

        string[] Patterns(string member)
        {
            var patterns = List(own.GetValueOrDefault(member));
            foreach (var pattern in patterns.Where(pattern => !TopicCreation.IsPattern(pattern)))
                faults.Add(
                    new(
                        $"{ClientProperties.Path}:{prefix}{member}",
                        $"'{pattern}' is not a regular expression.",
                        "Correct it; a comma separates two."
                    )
                );
            return patterns;
        }

        int Number(string member, int greatest)
        {
            if (!own.TryGetValue(member, out var text) || text == "-1")
                return -1;
            if (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= 1
                && value <= greatest
            )
                return value;
            faults.Add(
                new(
                    $"{ClientProperties.Path}:{prefix}{member}",
                    $"'{text}' is not a number from 1 to {greatest}.",
                    "Correct it, or write -1 for the broker's default."
                )
            );
            return -1;
        }
    }

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
