namespace Strangler.Gateway.Configuration;

/// <summary>Who shares a rate limit.</summary>
internal enum RateLimitScope
{
    /// <summary>All callers of the routes with the policy.</summary>
    None,

    /// <summary>Requests from one address.</summary>
    Address,

    /// <summary>Requests of one known caller; of unknown ones, those from one address.</summary>
    User,
}
