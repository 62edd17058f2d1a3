namespace Strangler.Comparing.Rules;

/// <summary>How content that is not JSON is compared.</summary>
internal enum OtherContent
{
    /// <summary>Byte by byte, decompressed.</summary>
    Bytes,

    /// <summary>As decoded text with normalized line endings.</summary>
    Text,
}
