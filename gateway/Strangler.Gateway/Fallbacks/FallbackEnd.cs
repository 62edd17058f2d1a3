namespace Strangler.Gateway.Fallbacks;

/// <summary>What a fallback that went to legacy shows about legacy.</summary>
internal enum FallbackEnd
{
    /// <summary>Nothing: the client left, or the gateway itself answered.</summary>
    Unknown,

    /// <summary>Legacy answered, whatever it said.</summary>
    Answered,

    /// <summary>Legacy is away or overloaded.</summary>
    Failed,
}
