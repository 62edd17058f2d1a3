namespace Strangler.Gateway.Callers;

/// <summary>What legacy says about a caller.</summary>
internal enum AccessAnswer
{
    /// <summary>Nothing: it can't be asked, fails, or takes too long.</summary>
    Unknown,

    /// <summary>The caller may not see the route's answers, or not without doing something else first.</summary>
    Refused,

    /// <summary>The caller may see them.</summary>
    Allowed,
}
