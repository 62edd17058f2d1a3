using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>The stores of keys and certificates of Java's clients. Pure.</summary>
internal static class StoreProperties
{
    private const string Convert =
        "Java's own stores can only be read by Java: convert it to PEM (or a keystore to PKCS12), and say so with the "
        + "property that ends with 'store.type'.";

    /// <summary>Adds what a property of the keystore says.</summary>
    public static void AddKeys(
        string name,
        string value,
        IReadOnlyDictionary<string, string> own,
        Dictionary<string, string> to,
        List<Fault> faults
    )
    {
        var type = own.GetValueOrDefault("ssl.keystore.type", "JKS").ToUpperInvariant();
        switch (name, type)
        {
            case ("ssl.keystore.type", "PEM" or "PKCS12"):
                break;
            case ("ssl.keystore.location", "PEM"):
                (to["ssl.certificate.location"], to["ssl.key.location"]) = (value, value);
                break;
            case ("ssl.keystore.location" or "ssl.keystore.password", "PKCS12"):
                to[name] = value;
                break;
            default:
                faults.Add(new Fault(name, "It has no equivalent here for this type of store.", Convert));
                break;
        }
    }

    /// <summary>Adds what a property of the truststore says.</summary>
    public static void AddTrust(
        string name,
        string value,
        IReadOnlyDictionary<string, string> own,
        Dictionary<string, string> to,
        List<Fault> faults
    )
    {
        var isPem = string.Equals(
            own.GetValueOrDefault("ssl.truststore.type"),
            "PEM",
            StringComparison.OrdinalIgnoreCase
        );
        if (!isPem)
            faults.Add(new Fault(name, "It has no equivalent here for this type of store.", Convert));
        else if (name == "ssl.truststore.location")
            to["ssl.ca.location"] = value;
    }
}
