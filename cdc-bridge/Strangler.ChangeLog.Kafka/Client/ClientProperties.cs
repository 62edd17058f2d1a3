using System.Globalization;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>
/// Translates the properties that a team has for Java's clients into those of librdkafka. Pure. A fault never shows a
/// value, which may be a secret.
/// </summary>
internal static class ClientProperties
{
    private const string DeliveryTimeout = "delivery.timeout.ms";

    private static readonly string[] Prefixes = [.. Enum.GetValues<ClientRole>().Select(PrefixOf)];

    /// <summary>The properties of one role, in librdkafka's names.</summary>
    public static Dictionary<string, string> For(ClientRole role, KafkaLogOptions options, List<Fault> faults)
    {
        var (prefix, properties) = (PrefixOf(role), options.Properties);
        var own = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var (name, value) in properties.Where(one => Array.TrueForAll(Prefixes, other => !IsUnder(one.Key, other)))
        )
            own[name] = value;
        foreach (var (name, value) in properties.Where(one => IsUnder(one.Key, prefix)))
            own[name[prefix.Length..]] = value;
        var translated = new Dictionary<string, string>();
        var known = faults.Count;
        foreach (var (name, value) in own)
            Translate(name, value, own, translated, faults);
        for (var index = known; index < faults.Count; index++)
            faults[index] = faults[index] with { Path = PathOf(role, faults[index].Path, options) };
        return translated;

        static bool IsUnder(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The time after which undelivered records are reported.</summary>
    public static TimeSpan DeliveryLimit(KafkaLogOptions options, List<Fault> faults)
    {
        const string name = "producer." + DeliveryTimeout;
        if (!options.Properties.TryGetValue(name, out var text))
            return options.DeliveryLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time > 0)
            return TimeSpan.FromMilliseconds(time);
        faults.Add(new Fault(options.PathOf(name), "It is not a number of milliseconds.", "Write it in digits alone."));
        return options.DeliveryLimit;
    }

    /// <summary>Where a role's property is in the configuration: a general one isn't under the role's prefix.</summary>
    public static string PathOf(ClientRole role, string name, KafkaLogOptions options)
    {
        var own = PrefixOf(role) + name;
        return options.PathOf(options.Properties.ContainsKey(own) ? own : name);
    }

    /// <summary>Whether a role has a property of its own or a general one.</summary>
    public static bool Has(ClientRole role, string name, KafkaLogOptions options) =>
        options.Properties.ContainsKey(PrefixOf(role) + name) || options.Properties.ContainsKey(name);

    private static string PrefixOf(ClientRole role) => $"{role.ToString().ToLowerInvariant()}.";

    private static void Translate(
        string name,
        string value,
        SortedDictionary<string, string> own,
        Dictionary<string, string> to,
        List<Fault> faults
    )
    {
        if (name == DeliveryTimeout || JavaProperty.WithoutEffect.Contains(name))
            return;
        if (JavaProperty.Refused.TryGetValue(name, out var wayOut))
            faults.Add(new Fault(name, "It has no equivalent here.", wayOut));
        else if (JavaProperty.Decided.TryGetValue(name, out var agreed))
        {
            if (!agreed.Contains(value, StringComparer.OrdinalIgnoreCase))
                faults.Add(
                    new Fault(
                        name,
                        "The log would lose records or their order with this value.",
                        $"Leave it out, or write '{agreed[0]}'."
                    )
                );
        }
        else if (name == "buffer.memory")
            AddMemory(name, value, to, faults);
        else if (name == "sasl.jaas.config")
            AddLogin(name, value, to, faults);
        else if (name == "ssl.endpoint.identification.algorithm")
            to[name] = value.Length == 0 ? "none" : value;
        else if (name.StartsWith("ssl.keystore.", StringComparison.Ordinal) && !JavaProperty.Renamed.ContainsKey(name))
            StoreProperties.AddKeys(name, value, own, to, faults);
        else if (name is "ssl.truststore.location" or "ssl.truststore.type")
            StoreProperties.AddTrust(name, value, own, to, faults);
        else
            to[JavaProperty.Renamed.GetValueOrDefault(name, name)] = value;
    }

    private static void AddMemory(string name, string value, Dictionary<string, string> to, List<Fault> faults)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            to["queue.buffering.max.kbytes"] = Math.Max(1, bytes / 1024).ToString(CultureInfo.InvariantCulture);
        else
            faults.Add(new Fault(name, "It is not a number of bytes.", "Write it in digits alone."));
    }

    private static void AddLogin(string name, string value, Dictionary<string, string> to, List<Fault> faults)
    {
        if (JaasLogin.Of(value) is not { } login)
        {
            faults.Add(
                new Fault(
                    name,
                    "It is not a login by a plain or SCRAM user name and password.",
                    "Write 'sasl.username' and 'sasl.password', or what librdkafka has for other mechanisms."
                )
            );
            return;
        }
        (to["sasl.username"], to["sasl.password"]) = (login.User, login.Password);
    }
}
