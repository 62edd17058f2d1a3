namespace Strangler.CdcBridge.Configuration;

/// <summary>How the JSON converter writes Connect's decimals (<c>value.converter.decimal.format</c>).</summary>
internal enum DecimalFormat
{
    /// <summary>The unscaled value in base64.</summary>
    Base64,

    /// <summary>A JSON number.</summary>
    Numeric,
}
