using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Configuration;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Reads Debezium's properties, and the sections of the log and the store. All faults are reported at once. A property
/// that it doesn't know or can't honour is a fault and never ignored.
/// </summary>
internal sealed partial class BridgeConfigReader
{
    private readonly IConfiguration _configuration;
    private readonly Dictionary<string, string> _properties;
    private readonly List<Fault> _faults = [];

    private BridgeConfigReader(IConfiguration configuration)
    {
        _configuration = configuration;
        _properties = configuration
            .GetSection("Source")
            .AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Key.Length > 0 && pair.Value is not null)
            .ToDictionary(
                pair =>
                    pair.Key.StartsWith("database.tcpkeepalive", StringComparison.OrdinalIgnoreCase)
                        ? "database.tcpKeepAlive"
                        : pair.Key,
                pair => pair.Value!,
                StringComparer.OrdinalIgnoreCase
            );
    }

    /// <exception cref="FaultException">Lists everything that is wrong.</exception>
    public static BridgeConfig Read(IConfiguration configuration)
    {
        var (config, faults) = TryRead(configuration);
        return config ?? throw new FaultException(faults);
    }

    public static (BridgeConfig? Config, IReadOnlyList<Fault> Faults) TryRead(IConfiguration configuration)
    {
        var reader = new BridgeConfigReader(configuration);
        var config = reader.Build();
        return (reader._faults.Count == 0 ? config : null, reader._faults);
    }

    private BridgeConfig Build()
    {
        var notices = CheckProperties();
        var prefix = Required("topic.prefix", "The name of the source, with which its topics begin, such as 'shop'.");
        if (prefix.Length > 0 && !NameCharacters().IsMatch(prefix))
            Fault(
                "topic.prefix",
                $"'{prefix}' has characters that aren't allowed in a topic name.",
                "Use letters, digits, '.', '_' and '-'."
            );
        var slot = Value("slot.name", "debezium");
        if (!SlotCharacters().IsMatch(slot))
            Fault(
                "slot.name",
                $"'{slot}' is not a name that PostgreSQL allows for a replication slot.",
                "Use at most 63 lower-case letters, digits and '_'."
            );
        var publication = Value("publication.name", "dbz_publication");
        if (publication is { Length: 0 or > 63 })
            Fault(
                "publication.name",
                $"'{publication}' is not a name for a publication.",
                "Use at most 63 characters."
            );
        KafkaOptionsReader.Read(_configuration, _faults);
        return new BridgeConfig(
            prefix,
            Source(),
            StoreSection.Read(_configuration, _faults),
            slot,
            publication,
            Mode(),
            Selection(),
            Flag("resnapshot"),
            LogOptionsReader.Read(_configuration, _faults).ToRetention(),
            notices
        )
        {
            OnIdentityLoss = OnIdentityLoss(),
        };
    }

    private List<string> CheckProperties()
    {
        var notices = new List<string>();
        foreach (var (name, value) in _properties.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (PropertyRules.Read.Contains(name))
                continue;
            if (PropertyRules.WithoutEffect.Contains(name))
                notices.Add(name);
            else if (PropertyRules.Fixed.TryGetValue(name, out var rule))
            {
                if (!rule.Values.Contains(value, StringComparer.OrdinalIgnoreCase))
                    Fault(
                        name,
                        $"The value '{value}' is not supported. {rule.Reason}",
                        $"Set it to '{string.Join("' or '", rule.Values)}', or leave it out."
                    );
            }
            else if (PropertyRules.NotSupported.Contains(name) || Masks().IsMatch(name))
                Fault(
                    name,
                    "This property of Debezium is not supported, "
                        + "and ignoring it would change what is captured or written.",
                    "Leave it out."
                );
            else
                Fault(
                    name,
                    "The property is unknown: neither Debezium's PostgreSQL connector nor Strangler has it.",
                    "Correct the name, or leave it out."
                );
        }
        return notices;
    }

    private string Source()
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = Required("database.hostname", "The host of the legacy database's primary server."),
            Username = Required("database.user", "A login with the attribute REPLICATION."),
            Password = Value("database.password", ""),
            Database = Required("database.dbname", "The legacy database."),
        };
        var port = Value("database.port", "5432");
        if (
            int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 65_536
        )
            builder.Port = number;
        else
            Fault("database.port", $"'{port}' is not a port.", "Use a number from 1 to 65535.");
        var ssl = Value("database.sslmode", "prefer");
        if (Enum.TryParse<SslMode>(ssl.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode))
            builder.SslMode = mode;
        else
            Fault(
                "database.sslmode",
                $"'{ssl}' is not a mode.",
                "Use disable, allow, prefer, require, verify-ca or verify-full."
            );
        if (_properties.TryGetValue("database.sslrootcert", out var certificate))
            builder.RootCertificate = certificate;
        return builder.ConnectionString;
    }

    private PublicationMode Mode()
    {
        var text = Value("publication.autocreate.mode", "filtered");
        switch (text.ToLowerInvariant())
        {
            case "filtered":
                return PublicationMode.Filtered;
            case "disabled":
                return PublicationMode.Disabled;
            case "all_tables" or "no_tables":
                Fault(
                    "publication.autocreate.mode",
                    $"'{text}' is not supported: a publication of all tables makes the UPDATE and DELETE of every "
                        + "table without a replica identity fail.",
                    "Use 'filtered', or 'disabled' with a publication of your own."
                );
                break;
            default:
                Fault("publication.autocreate.mode", $"'{text}' is not a mode.", "Use 'filtered' or 'disabled'.");
                break;
        }
        return PublicationMode.Filtered;
    }

    private IdentityLoss OnIdentityLoss()
    {
        var text = Value("on.identity.loss", "warn");
        switch (text.ToLowerInvariant())
        {
            case "warn":
                return IdentityLoss.Warn;
            case "drop-from-publication":
                return IdentityLoss.DropFromPublication;
            default:
                Fault("on.identity.loss", $"'{text}' is not known.", "Use 'warn' or 'drop-from-publication'.");
                return IdentityLoss.Warn;
        }
    }

    private TableSelection Selection()
    {
        var (schemas, notSchemas, tables, notTables) = (
            Expressions("schema.include.list"),
            Expressions("schema.exclude.list"),
            Expressions("table.include.list"),
            Expressions("table.exclude.list")
        );
        if (schemas.Count > 0 && notSchemas.Count > 0)
            Fault("schema.exclude.list", "It is set together with schema.include.list.", "Set one of the two.");
        if (tables.Count > 0 && notTables.Count > 0)
            Fault("table.exclude.list", "It is set together with table.include.list.", "Set one of the two.");
        return new TableSelection(schemas, notSchemas, tables, notTables);
    }

    private List<string> Expressions(string name)
    {
        var valid = new List<string>();
        foreach (
            var expression in Value(name, "")
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            try
            {
                _ = new Regex(expression, RegexOptions.None, TimeSpan.FromSeconds(1));
                valid.Add(expression);
            }
            catch (ArgumentException exception)
            {
                Fault(
                    name,
                    $"'{expression}' is not a regular expression: {exception.Message}",
                    "Correct it; entries are separated by commas."
                );
            }
        }
        return valid;
    }

    private bool Flag(string name)
    {
        var text = Value(name, "false");
        if (!bool.TryParse(text, out var flag))
            Fault(name, $"'{text}' is neither true nor false.", "Use one of the two.");
        return flag;
    }

    private string Required(string name, string meaning)
    {
        if (_properties.TryGetValue(name, out var value) && value.Length > 0)
            return value;
        Fault(name, "It is missing.", meaning);
        return "";
    }

    private string Value(string name, string otherwise) =>
        _properties.TryGetValue(name, out var value) && value.Length > 0 ? value : otherwise;

    private void Fault(string name, string problem, string wayOut) =>
        _faults.Add(new Fault($"Source:{name}", problem, wayOut));

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex NameCharacters();

    [GeneratedRegex("^[a-z0-9_]{1,63}$")]
    private static partial Regex SlotCharacters();

    [GeneratedRegex(
        @"^(column\.(mask|truncate)|snapshot\.select\.statement\.overrides"
            + @"|transforms|predicates|converters|driver|internal)\.",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Masks();
}
