namespace Strangler.Comparing.Json;

/// <summary>
/// Why legacy's answer couldn't be compared. A fault in the lookup's answer alone is a difference instead.
/// </summary>
internal enum UnreadableReason
{
    /// <summary>JSON nested deeper than the rules' <c>MaxDepth</c>.</summary>
    TooDeep,

    /// <summary>A body above the rules' <c>MaxBodyBytes</c>, as it was sent or decoded.</summary>
    TooLarge,

    /// <summary>Content-Type says JSON, but the body isn't.</summary>
    NotJson,

    /// <summary>The body grows beyond the rules' <c>MaxRatio</c> when it is decompressed.</summary>
    Ratio,

    /// <summary>An unknown content coding, or a body that isn't valid in it.</summary>
    Encoding,

    /// <summary>An unknown charset, or bytes that aren't valid in it.</summary>
    Charset,
}
