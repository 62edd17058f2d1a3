using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>Reads the section <c>Log:Kafka</c> of the configuration.</summary>
public static class KafkaOptionsReader
{
    private static readonly TimeSpan MinLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxLimit = TimeSpan.FromHours(1);

    /// <summary>The section's options, null if there is no such section.</summary>
    public static KafkaLogOptions? Read(IConfiguration configuration, List<Fault> faults)
    {
        var section = configuration.GetSection(KafkaLogOptions.Section);
        if (!section.Exists())
            return null;
        var values = new SectionValues(section, faults);
        var preset = new KafkaLogOptions { Properties = new Dictionary<string, string>() };
        string[] own = [nameof(preset.DeletesRecords), nameof(preset.RequestLimit)];
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
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
        var clients = properties
            .Where(one => !one.Key.StartsWith(TopicCreationReader.Root, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        if (!clients.ContainsKey(KafkaLogOptions.Servers))
            faults.Add(
                new($"{section.Path}:{KafkaLogOptions.Servers}", "It is missing.", "Write HOST:PORT of a broker.")
            );
        return Of(clients, Topics(properties, preset, faults), faults) with
        {
            DeletesRecords = values.Flag(nameof(preset.DeletesRecords), preset.DeletesRecords),
            RequestLimit = values.Time(nameof(preset.RequestLimit), preset.RequestLimit, MinLimit, MaxLimit),
        };
    }

    private static TopicCreation Topics(
        IReadOnlyDictionary<string, string> properties,
        KafkaLogOptions preset,
        List<Fault> faults
    )
    {
        const string Enable = "enable";
        var own = properties
            .Where(one => one.Key.StartsWith(TopicCreationReader.Root, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                one => one.Key[TopicCreationReader.Root.Length..],
                one => one.Value,
                StringComparer.OrdinalIgnoreCase
            );
        var isEnabled = true;
        if (own.Remove(Enable, out var text) && !SectionValues.TryParseFlag(text, out isEnabled))
            faults.Add(new(PathOf(Enable), "It is neither true nor false.", "Use one of the two."));
        faults.AddRange(
            TopicCreationReader
                .WithoutGroup(own)
                .Select(name => new Fault(
                    PathOf(name),
                    $"It belongs to no group that '{TopicCreationReader.Root}groups' names.",
                    "Name its group there, or leave it out."
                ))
        );
        return new TopicCreationReader(own, preset.PathOf, faults).Read() with { IsEnabled = isEnabled };

        string PathOf(string name) => preset.PathOf(TopicCreationReader.Root + name);
    }

    /// <summary>Options with these properties of the clients, each of which is checked.</summary>
    /// <param name="clients">The properties.</param>
    /// <param name="topics">How topics are created.</param>
    /// <param name="faults">Where faults are added.</param>
    /// <param name="pathOf">Where a property is in the configuration; null: in the section <c>Log:Kafka</c>.</param>
    public static KafkaLogOptions Of(
        IReadOnlyDictionary<string, string> clients,
        TopicCreation topics,
        List<Fault> faults,
        Func<string, string>? pathOf = null
    )
    {
        var options = new KafkaLogOptions { Properties = clients, Topics = topics };
        if (pathOf is not null)
            options = options with { PathOf = pathOf };
        var wrong = new List<Fault>();
        foreach (var role in Enum.GetValues<ClientRole>())
            ClientProperties.For(role, options, wrong);
        faults.AddRange(wrong.Distinct());
        return options with { DeliveryLimit = ClientProperties.DeliveryLimit(options, faults) };
    }
}
