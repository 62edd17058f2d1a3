namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// How Kafka Connect's JSON converter turns keys or values into bytes (<c>key.converter.*</c>,
/// <c>value.converter.*</c>). The defaults are the converter's own.
/// </summary>
internal sealed record ConverterOptions
{
    /// <summary>Whether each record carries its schema.</summary>
    /// <value>True.</value>
    public bool HasSchemas { get; init; } = true;

    /// <value><see cref="DecimalFormat.Base64"/>.</value>
    public DecimalFormat Decimals { get; init; }

    /// <summary>Whether null becomes the default of a column that has one, as the converter does.</summary>
    /// <value>True.</value>
    public bool ReplacesNullWithDefault { get; init; } = true;
}
