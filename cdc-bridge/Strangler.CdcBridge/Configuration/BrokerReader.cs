using System.Collections.Immutable;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads where Kafka is: the section <c>Kafka</c>, which has the names of a Connect worker's file.</summary>
internal static class BrokerReader
{
    private const string Servers = "bootstrap.servers";

    /// <param name="values">The connector's properties.</param>
    /// <param name="worker">The section.</param>
    /// <returns>Null if no broker is named.</returns>
    public static BrokerOptions? Read(PropertyValues values, PropertyValues worker)
    {
        var producer = Under("producer.", worker).SetItems(Under("producer.override.", values));
        var servers = producer.GetValueOrDefault(Servers) ?? worker.Given(Servers);
        var topics = TopicCreationReader.Read(values, worker);
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
        return new BrokerOptions(servers)
        {
            Client = worker
                .Set.Where(pair => WorkerRules.IsOfClient(pair.Key))
                .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            Producer = producer.Remove(Servers),
            Consumer = Under("consumer.", worker),
            Admin = Under("admin.", worker).SetItems(Under("admin.override.", values)),
            Topics = topics,
        };
    }

    private static ImmutableSortedDictionary<string, string> Under(string prefix, PropertyValues values) =>
        values
            .Set.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);

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
