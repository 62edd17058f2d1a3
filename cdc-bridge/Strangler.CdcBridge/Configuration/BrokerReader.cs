using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads where Kafka is: the section <c>Kafka</c>, which has the names of a Connect worker's file.</summary>
internal static class BrokerReader
{
    private const string Servers = KafkaLogOptions.Servers;

    /// <param name="values">The connector's properties.</param>
    /// <param name="worker">The section.</param>
    /// <param name="faults">Where faults of the clients' properties are added.</param>
    /// <returns>Null if no broker is named.</returns>
    public static KafkaLogOptions? Read(PropertyValues values, PropertyValues worker, List<Fault> faults)
    {
        var producer = worker.Under("producer.").SetItems(values.Under("producer.override."));
        var servers = producer.GetValueOrDefault(Servers) ?? worker.Given(Servers);
        var topics = Topics(values, worker, faults);
        if (servers is null)
        {
            worker.Fault(
                Servers,
                "It is missing: events in Debezium's format go to Kafka.",
                "Give it with --kafka HOST:PORT, or with the Connect worker's file: --worker FILE."
            );
            return null;
        }
        if (servers.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(one => !IsAddress(one)) is { } odd)
            worker.Fault(
                Servers,
                $"'{worker.Shown(Servers, odd)}' is not the address of a broker.",
                "Write HOST:PORT, several with commas."
            );
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in worker.Set.Where(pair => WorkerRules.IsOfClient(pair.Key)))
            properties[name] = value;
        Add("producer.", producer.Remove(Servers));
        Add("consumer.", worker.Under("consumer."));
        Add("admin.", worker.Under("admin.").SetItems(values.Under("admin.override.")));
        properties[Servers] = servers;
        return KafkaOptionsReader.Of(properties, topics, faults, PathOf);

        void Add(string role, IReadOnlyDictionary<string, string> ofRole)
        {
            foreach (var (name, value) in ofRole)
                properties[role + name] = value;
        }

        // where a person finds a client's property
        string PathOf(string name)
        {
            if (name == Servers && producer.ContainsKey(Servers))
                name = $"producer.{Servers}";
            foreach (var role in (string[])["producer.", "admin."])
            {
                var own = name.StartsWith(role, StringComparison.Ordinal)
                    ? $"{role}override.{name[role.Length..]}"
                    : "";
                if (own.Length > 0 && values.Given(own) is not null)
                    return values.PathOf(own);
            }
            return worker.PathOf(name);
        }
    }

    private static TopicCreation Topics(PropertyValues values, PropertyValues worker, List<Fault> faults)
    {
        const string Root = TopicCreationReader.Root;
        var properties = values.Under(Root);
        var isEnabled = worker.Flag($"{Root}enable");
        var topics = new TopicCreationReader(properties, values.PathOf, faults).ReadAsConnect();
        foreach (var name in isEnabled ? TopicCreationReader.WithoutGroup(properties) : properties.Keys)
            values.Ignore(Root + name);
        return isEnabled ? topics : new TopicCreation { IsEnabled = false };
    }

    /// <summary>The log of Strangler's own format is where <c>Log</c> says, for those who read it too.</summary>
    public static void Refuse(PropertyValues worker)
    {
        if (worker.Given(Servers) is not null)
            worker.Fault(
                Servers,
                "It is for a connector's format; in the format 'strangler' the section Log:Kafka says where Kafka is, "
                    + "for everything that reads the log.",
                "Set Log:Kafka:bootstrap.servers in place of it."
            );
    }

    /// <summary>A host and a port, also behind the name of a listener: <c>SASL_SSL://host:9092</c>.</summary>
    private static bool IsAddress(string text)
    {
        var address = text[(text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..];
        var colon = address.LastIndexOf(':');
        return colon > 0
            && !address.Contains(' ', StringComparison.Ordinal)
            && ushort.TryParse(
                address[(colon + 1)..],
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var port
            )
            && port > 0;
    }
}
