using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties of a Kafka Connect worker. Those that aren't here run the worker, which doesn't exist.</summary>
internal static class WorkerRules
{
    private static readonly string[] ClientPrefixes = ["security.", "sasl.", "ssl."];

    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        Honoured("bootstrap.servers", "", "The option --kafka takes precedence."),
        Honoured("key.converter", "", "Used by a connector that has none of its own."),
        Honoured("value.converter", "", "Used by a connector that has none of its own."),
        Honoured("header.converter", ConverterReader.SimpleHeader, "Used by a connector that has none of its own."),
        Honoured("key.converter.schemas.enable", "true"),
        Honoured("value.converter.schemas.enable", "true"),
        Honoured("key.converter.decimal.format", "BASE64"),
        Honoured("value.converter.decimal.format", "BASE64"),
        Honoured("key.converter.replace.null.with.default", "true"),
        Honoured("value.converter.replace.null.with.default", "true"),
        Honoured("key.converter.delegate.converter.type"),
        Honoured("key.converter.delegate.converter.type.schemas.enable", "true"),
        Honoured("key.converter.delegate.converter.type.decimal.format", "BASE64"),
        Honoured("key.converter.delegate.converter.type.replace.null.with.default", "true"),
        Honoured("value.converter.delegate.converter.type"),
        Honoured("value.converter.delegate.converter.type.schemas.enable", "true"),
        Honoured("value.converter.delegate.converter.type.decimal.format", "BASE64"),
        Honoured("value.converter.delegate.converter.type.replace.null.with.default", "true"),
        Honoured("topic.creation.enable", "true", "With false, a topic that doesn't exist stops the bridge."),
        Honoured("config.providers", "", "Providers of files, directories and environment variables."),
        Family(Honoured("config.providers.*"), "config.providers."),
        Family(Honoured("producer.*"), "producer."),
        Family(Honoured("consumer.*"), "consumer."),
        Family(Honoured("admin.*"), "admin."),
        .. ClientPrefixes.Select(prefix => Family(Honoured($"{prefix}*"), prefix)),
        Refused(
            "exactly.once.source.support",
            "disabled",
            "Connect's transactions aren't used; an event may be written again after a crash.",
            "disabled",
            "preparing"
        ),
        Idle("every other", "", "It runs the worker itself."),
    ];

    public static bool IsOfClient(string name) =>
        Array.Exists(ClientPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>What isn't set there means this.</summary>
    public static string DefaultOf(string name) => Find(name)?.Default ?? "";

    /// <summary>Null: it runs the worker itself.</summary>
    public static PropertyRule? Find(string name) => All.FirstOrDefault(rule => rule.IsFor(name));

    private static PropertyRule Family(PropertyRule rule, string prefix) =>
        rule with
        {
            Family = PropertyTable.Prefix(prefix),
        };
}
