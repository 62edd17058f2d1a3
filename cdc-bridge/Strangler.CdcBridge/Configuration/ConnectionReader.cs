using System.Text.RegularExpressions;
using Npgsql;
using Strangler.ChangeLog.Kafka.Client;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads how the source is reached: <c>database.*</c>, the slot and the publication.</summary>
internal static partial class ConnectionReader
{
    /// <summary>The source's connection string.</summary>
    public static string Source(PropertyValues values)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = values.Required("database.hostname", "The host of the legacy database's primary server."),
            Username = values.Required("database.user", "A login with the attribute REPLICATION."),
            Password = values.Text("database.password"),
            Database = values.Required("database.dbname", "The legacy database."),
            SslMode = values.Choice(
                "database.sslmode",
                ("prefer", SslMode.Prefer),
                ("disable", SslMode.Disable),
                ("allow", SslMode.Allow),
                ("require", SslMode.Require),
                ("verify-ca", SslMode.VerifyCA),
                ("verify-full", SslMode.VerifyFull)
            ),
        };
        builder.Port = Port(values);
        // the connector's driver verifies nothing below verify-ca, whatever the certificate
        if (values.Given("database.sslrootcert") is { } root && builder.SslMode >= SslMode.VerifyCA)
            builder.RootCertificate = root;
        if (values.Given("database.sslcert") is { } certificate)
            builder.SslCertificate = certificate;
        if (values.Given("database.sslkey") is { } key)
            builder.SslKey = key;
        if (values.Given("database.sslpassword") is { } password)
            builder.SslPassword = password;
        return builder.ConnectionString;
    }

    public static string Prefix(PropertyValues values)
    {
        var prefix = values.Required(
            "topic.prefix",
            "The name of the source, with which its topics begin, such as 'shop'."
        );
        if (prefix.Length > 0 && !NameCharacters().IsMatch(prefix))
            values.Fault(
                "topic.prefix",
                $"'{values.Shown("topic.prefix")}' has characters that aren't allowed in a topic name.",
                "Use letters, digits, '.', '_' and '-'."
            );
        CheckControl(values, "topic.prefix", prefix);
        return prefix;
    }

    /// <summary>Adds a fault if topics of this name would be the log's own.</summary>
    public static void CheckControl(PropertyValues values, string name, string topic)
    {
        if (LogTopics.IsControl($"{topic}."))
            values.Fault(name, "Topics that begin so are the log's own.", "Choose another name.");
    }

    public static string Slot(PropertyValues values)
    {
        var slot = values.Text("slot.name");
        if (!SlotCharacters().IsMatch(slot))
            values.Fault(
                "slot.name",
                $"'{values.Shown("slot.name", slot)}' is not a name that PostgreSQL allows for a replication slot.",
                "Use at most 63 lower-case letters, digits and '_'."
            );
        return slot;
    }

    public static string Publication(PropertyValues values)
    {
        var publication = values.Text("publication.name");
        if (System.Text.Encoding.UTF8.GetByteCount(publication) > 63)
            values.Fault(
                "publication.name",
                $"'{values.Shown("publication.name", publication)}' is not a name for a publication.",
                "Use at most 63 characters."
            );
        return publication;
    }

    private static int Port(PropertyValues values)
    {
        var text = values.Text("database.port").Trim();
        if (
            int.TryParse(
                text,
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var number
            ) && number is > 0 and < 65_536
        )
            return number;
        values.Fault(
            "database.port",
            $"'{values.Shown("database.port")}' is not a port.",
            "Use a number from 1 to 65535."
        );
        return 5432;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z")]
    private static partial Regex NameCharacters();

    [GeneratedRegex(@"^[a-z0-9_]{1,63}\z")]
    private static partial Regex SlotCharacters();
}
