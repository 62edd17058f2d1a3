namespace Strangler.Gateway.Configuration;

/// <summary>What a route promises about the age of the lookup's answers.</summary>
internal enum FreshnessMode
{
    /// <summary>No answer is older than the route's MaxStaleness.</summary>
    Bounded,

    /// <summary>A caller sees what they have written, and what they have seen before.</summary>
    Session,

    /// <summary>
    /// Everything that the source had committed when the request arrived is in the answer, or legacy answers.
    /// </summary>
    Strict,
}
