using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge.Secrets;
using Strangler.ChangeLog.Configuration;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Patterns;
using Strangler.Foundation.Store;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Reads Debezium's properties (the section <c>Source</c>), those of a Kafka Connect worker (<c>Kafka</c>), and the
/// sections of the log and the store. All faults are reported at once. A property that it doesn't know or can't honour
/// is a fault and never ignored.
/// </summary>
internal static class BridgeConfigReader
{
    private const string Format = "event.format";
    private const string SourceSection = "Source";
    private const string Part = "Bridge";
    private const string KafkaSection = "Kafka";

    /// <exception cref="FaultException">Lists everything that is wrong.</exception>
    public static BridgeConfig Read(IConfiguration configuration)
    {
        var (config, faults) = TryRead(configuration);
        return config ?? throw new FaultException(faults);
    }

    /// <summary>
    /// Reads the configuration for what concerns the source alone: neither a store nor a broker has to be named.
    /// </summary>
    /// <exception cref="FaultException">Lists everything that is wrong with the source's properties.</exception>
    public static BridgeConfig ReadSource(IConfiguration configuration)
    {
        var (config, faults) = ReadAll(configuration, null);
        var ofSource = faults
            .Where(fault => fault.Path.StartsWith($"{SourceSection}:", StringComparison.OrdinalIgnoreCase))
            .ToList();
        return config is not null && ofSource.Count == 0 ? config : throw new FaultException(ofSource);
    }

    public static (BridgeConfig? Config, IReadOnlyList<Fault> Faults) TryRead(IConfiguration configuration) =>
        TryRead(configuration, null);

    /// <summary>Whether events are written in a connector's format. A format that doesn't exist isn't one.</summary>
    public static bool IsOfConnector(IConfiguration configuration) =>
        FormatOf(
            new PropertyValues(
                SourceSection,
                Section(configuration, SourceSection),
                new SecretNames(null, FrozenSet<string>.Empty),
                [],
                Preset
            )
        ) != EventFormat.Strangler;

    /// <param name="configuration">All sections.</param>
    /// <param name="read">Gets the names of the source's properties that were read.</param>
    internal static (BridgeConfig? Config, IReadOnlyList<Fault> Faults) TryRead(
        IConfiguration configuration,
        ISet<string>? read
    )
    {
        var (config, faults) = ReadAll(configuration, read);
        return (faults.Count == 0 ? config : null, faults);
    }

    /// <returns>The configuration is null only if its format isn't known.</returns>
    private static (BridgeConfig? Config, IReadOnlyList<Fault> Faults) ReadAll(
        IConfiguration configuration,
        ISet<string>? read
    )
    {
        var faults = new List<Fault>();
        var given = Section(configuration, KafkaSection);
        var references = new SecretReferences(given, faults, SecretSource.Read);
        var kafka = references.Resolve(KafkaSection, given);
        var source = references.Resolve(SourceSection, Section(configuration, SourceSection));
        var first = new PropertyValues(
            SourceSection,
            source,
            new SecretNames(null, references.Referred),
            faults,
            Preset
        );
        var secrets = new SecretNames(CustomPattern(first), references.Referred);
        var before = faults.Count;
        var format = FormatOf(first);
        if (faults.Count > before)
            return (null, faults); // it decides what the other properties mean

        var all = new PropertyValues(SourceSection, source, secrets, faults, name => DefaultOf(name, format));
        var check = new PropertyCheck(format, all);
        var refused = check.Check();
        var values = new PropertyValues(
            SourceSection,
            source.Where(pair => !refused.Contains(pair.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase),
            secrets,
            faults,
            name => DefaultOf(name, format)
        );
        var worker = new PropertyValues(KafkaSection, kafka, secrets, faults, WorkerRules.DefaultOf);
        var config = Build(configuration, values, worker, format, faults);
        var ofWorker = WorkerCheck.Check(worker, format);
        read?.UnionWith([.. first.ReadNames, .. values.ReadNames]);
        config = config with { Notices = [.. check.Notices, .. values.Ignored, .. ofWorker] };
        return (config, [.. faults.Distinct()]);
    }

    private static BridgeConfig Build(
        IConfiguration configuration,
        PropertyValues values,
        PropertyValues worker,
        EventFormat format,
        List<Fault> faults
    )
    {
        CheckClass(values);
        var own = KafkaOptionsReader.Read(configuration, faults);
        KafkaLogOptions? brokers = null;
        if (format == EventFormat.Strangler)
            BrokerReader.Refuse(worker);
        else
        {
            ConverterReader.CheckHeaders(values, worker);
            brokers = BrokerReader.Read(values, worker, faults);
            if (own is not null)
                faults.Add(
                    new Fault(
                        "Log:Kafka",
                        "It is for the format 'strangler'; events in Debezium's format go to the brokers of the "
                            + "section Kafka.",
                        "Remove it."
                    )
                );
        }
        return new BridgeConfig(
            ConnectionReader.Prefix(values),
            ConnectionReader.Source(values),
            brokers is not null && !StoreSection.IsNamed(configuration, Part)
                ? ""
                : Store(configuration, format, faults),
            ConnectionReader.Slot(values),
            ConnectionReader.Publication(values),
            SourceReader.Mode(values, format),
            SourceReader.Selection(values),
            values.Flag("resnapshot"),
            LogOptionsReader.Read(configuration, faults).ToRetention(),
            []
        )
        {
            StorePath = StoreSection.PathOf(configuration, Part),
            OnIdentityLoss = values.Choice(
                "on.identity.loss",
                ("warn", IdentityLoss.Warn),
                ("drop-from-publication", IdentityLoss.DropFromPublication)
            ),
            Process = BridgeSectionReader.Read(configuration, faults),
            Events = EventOptionsReader.Read(values, worker, format),
            Snapshot = SnapshotOptionsReader.Read(values),
            Stream = SourceReader.Stream(values, format),
            Brokers = brokers,
        };
    }

    /// <summary>Events in Debezium's format go to Kafka: that no broker is named is fault enough.</summary>
    private static string Store(IConfiguration configuration, EventFormat format, List<Fault> faults) =>
        format == EventFormat.Strangler || StoreSection.IsNamed(configuration, Part)
            ? StoreSection.Read(configuration, faults, Part)
            : "";

    private static void CheckClass(PropertyValues values)
    {
        const string Class = "io.debezium.connector.postgresql.PostgresConnector";
        if (values.Given("connector.class")?.Trim() is not null and not (Class or "PostgresConnector" or "Postgres"))
            values.Fault(
                "connector.class",
                $"The value '{values.Shown("connector.class")}' is not supported. "
                    + "Other databases come in through their own Debezium connectors.",
                $"Set it to '{Class}', or leave it out."
            );
    }

    private static EventFormat FormatOf(PropertyValues values) =>
        values.Choice(Format, ("strangler", EventFormat.Strangler), ("debezium-3.6", EventFormat.Debezium36));

    private static string Preset(string name) => name == Format ? "strangler" : "";

    private static string DefaultOf(string name, EventFormat format)
    {
        if (name.StartsWith("transforms.", StringComparison.OrdinalIgnoreCase))
        {
            var option = name.Split('.', 3)[^1];
            return OutboxRules.All.FirstOrDefault(rule => rule.IsFor(option))?.Default ?? "";
        }
        return PropertyTable.Find(name)?.DefaultIn(format) ?? "";
    }

    private static JavaPattern? CustomPattern(PropertyValues values) =>
        values.Given("custom.sanitize.pattern") is { } pattern
            ? values.Compile("custom.sanitize.pattern", pattern)
            : null;

    private static Dictionary<string, string> Section(IConfiguration configuration, string name) =>
        configuration
            .GetSection(name)
            .AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Key.Length > 0 && pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.OrdinalIgnoreCase);
}
