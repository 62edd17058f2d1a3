namespace Strangler.CdcBridge.Configuration;

/// <summary>How values of numeric and money are written (<c>decimal.handling.mode</c>).</summary>
internal enum DecimalHandling
{
    /// <summary>The unscaled value in base64, with the scale in the schema.</summary>
    Precise,

    /// <summary>A floating-point number, which may lose digits.</summary>
    Double,

    /// <summary>Text with all digits.</summary>
    String,
}
