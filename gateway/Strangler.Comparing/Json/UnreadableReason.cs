namespace Strangler.Comparing.Json;

/// <summary>
/// Why legacy's answer could not be compared. What only the lookup's answer breaks is a difference instead.
/// </summary>
internal enum UnreadableReason
{
    /// <summary>JSON nested deeper than the rules' <c>MaxDepth</c>.</summary>
    TooDeep,

    /// <summary>A body above the rules' <c>MaxBodyBytes</c>, as it was sent or decoded.</summary>
    TooLarge,

    /// <summary>Content-Type says JSON, the body is none.</summary>
    NotJson,

    /// <summary>The body grows beyond the rules' <c>MaxRatio</c> when it is decompressed.</summary>
    Ratio,

    /// <summary>A content coding that is not known, or a body that does not follow it.</summary>
    Encoding,

    /// <summary>A charset that is not known, or bytes that do not follow it.</summary>
    Charset,
}
