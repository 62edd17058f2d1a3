namespace Strangler.CdcBridge.Configuration;

/// <summary>How values of bytea are written (<c>binary.handling.mode</c>).</summary>
internal enum BinaryHandling
{
    /// <summary>Bytes, which JSON shows in base64.</summary>
    Bytes,

    /// <summary>Text in base64.</summary>
    Base64,

    /// <summary>Text in base64 with the alphabet for URLs.</summary>
    Base64UrlSafe,

    /// <summary>Text in hexadecimal digits.</summary>
    Hex,
}
