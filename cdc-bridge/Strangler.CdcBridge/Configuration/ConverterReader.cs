namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Reads how keys and values become bytes. As in Kafka Connect, a connector's settings of a converter count only beside
/// its own <c>key.converter</c> or <c>value.converter</c>; else the worker's converter applies with the worker's
/// settings.
/// </summary>
internal static class ConverterReader
{
    public const string Json = "org.apache.kafka.connect.json.JsonConverter";
    public const string Text = "org.apache.kafka.connect.storage.StringConverter";
    public const string ByteArray = "org.apache.kafka.connect.converters.ByteArrayConverter";
    public const string Binary = "io.debezium.converters.BinaryDataConverter";
    public const string SimpleHeader = "org.apache.kafka.connect.storage.SimpleHeaderConverter";

    private static readonly string[] Settings = ["schemas.enable", "decimal.format", "replace.null.with.default"];

    /// <param name="side"><c>key</c> or <c>value</c>.</param>
    /// <param name="values">The connector's properties.</param>
    /// <param name="worker">The worker's.</param>
    /// <param name="format">Whose events are written.</param>
    /// <param name="routes">Whether they are events of an outbox, for which there are further converters.</param>
    public static ConverterOptions Read(
        string side,
        PropertyValues values,
        PropertyValues worker,
        EventFormat format,
        bool routes
    )
    {
        var name = $"{side}.converter";
        var own = Options(name, values, routes);
        if (format == EventFormat.Strangler)
            return new ConverterOptions { HasSchemas = false };
        if (values.Given(name) is not null)
        {
            if (own.Kind == ConverterKind.Json)
                Check(name, Json, values);
            return own;
        }
        var shared = Options(name, worker, routes);
        if (shared.Kind == ConverterKind.Json)
            Check(name, Json, worker);
        foreach (var setting in Settings.Select(setting => $"{name}.{setting}"))
        {
            if (
                values.Given(setting) is { } given
                && !given.Trim().Equals(worker.Text(setting).Trim(), StringComparison.OrdinalIgnoreCase)
            )
                values.Fault(
                    setting,
                    $"Kafka Connect ignores it, because '{name}' isn't set beside it: the worker's converter applies, "
                        + $"with '{worker.Text(setting)}'.",
                    $"Set {name} to '{Json}' beside it, or leave it out."
                );
        }
        return shared;
    }

    /// <summary>Headers are written by Connect's default converter only.</summary>
    public static void CheckHeaders(PropertyValues values, PropertyValues worker)
    {
        if (values.Given("header.converter") is not null)
            Check("header.converter", SimpleHeader, values);
        else
            Check("header.converter", SimpleHeader, worker);
    }

    private static ConverterOptions Options(string name, PropertyValues values, bool routes)
    {
        var delegated = $"{name}.delegate.converter.type";
        var json = OfJson(name, values);
        var inner = OfJson(delegated, values);
        var hasInner = values.Given(delegated) is not null;
        if (!routes)
            return json;
        switch (KindOf(values.Given(name)))
        {
            case ConverterKind.Binary:
                Check(delegated, Json, values);
                return inner with { Kind = ConverterKind.Binary, HasSchemas = hasInner && inner.HasSchemas };
            case ConverterKind.Json:
                return json;
            case var plain:
                return new ConverterOptions { Kind = plain, HasSchemas = false };
        }
    }

    private static ConverterKind KindOf(string? type) =>
        type?.Trim() switch
        {
            Text or "StringConverter" => ConverterKind.Text,
            ByteArray or "ByteArrayConverter" => ConverterKind.ByteArray,
            Binary or "BinaryDataConverter" => ConverterKind.Binary,
            _ => ConverterKind.Json,
        };

    private static ConverterOptions OfJson(string name, PropertyValues values) =>
        new()
        {
            HasSchemas = values.Flag($"{name}.schemas.enable"),
            Decimals = values.Choice(
                $"{name}.decimal.format",
                ("BASE64", DecimalFormat.Base64),
                ("NUMERIC", DecimalFormat.Numeric)
            ),
            ReplacesNullWithDefault = values.Flag($"{name}.replace.null.with.default"),
        };

    private static void Check(string name, string only, PropertyValues values)
    {
        if (values.Given(name)?.Trim() is not { } type || type == only || type == Simple(only))
            return;
        values.Fault(name, $"'{values.Shown(name)}' is not supported. {Reason(name, type)}", $"Use '{only}'.");
    }

    /// <summary>Connect accepts a class without its package.</summary>
    private static string Simple(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string Reason(string name, string type)
    {
        var what = name[..name.IndexOf('.', StringComparison.Ordinal)] + "s";
        return Simple(type) switch
        {
            var simple when simple.Contains("Avro", StringComparison.OrdinalIgnoreCase) =>
                $"The {what} would be Avro, whose schemas are in a registry.",
            var simple when simple.Contains("Protobuf", StringComparison.OrdinalIgnoreCase) =>
                $"The {what} would be Protocol Buffers, whose schemas are in a registry.",
            var simple when simple.Contains("JsonSchema", StringComparison.OrdinalIgnoreCase) =>
                $"The {what} would be JSON whose schemas are in a registry.",
            "StringConverter" => $"The {what} would be Java's text of a structure.",
            "ByteArrayConverter" or "BinaryDataConverter" =>
                $"The {what} would have to be bytes already, and an event isn't.",
            "CloudEventsConverter" => $"The {what} would be CloudEvents.",
            _ => $"The {what} would be other bytes.",
        };
    }
}
