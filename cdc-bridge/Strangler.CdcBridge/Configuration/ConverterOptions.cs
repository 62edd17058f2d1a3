namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// How a converter of Kafka Connect turns keys or values into bytes (<c>key.converter.*</c>, <c>value.converter.*</c>).
/// The defaults are the JSON converter's own.
/// </summary>
internal sealed record ConverterOptions
{
    /// <value><see cref="ConverterKind.Json"/>.</value>
    public ConverterKind Kind { get; init; }

    /// <summary>Whether each record carries its schema.</summary>
    /// <value>True.</value>
    public bool HasSchemas { get; init; } = true;

    /// <value><see cref="DecimalFormat.Base64"/>.</value>
    public DecimalFormat Decimals { get; init; }

    /// <summary>Whether null becomes the default of a column that has one, as the converter does.</summary>
    /// <value>True.</value>
    public bool ReplacesNullWithDefault { get; init; } = true;
}
