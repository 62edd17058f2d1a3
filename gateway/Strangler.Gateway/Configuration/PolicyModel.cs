using System.Collections.Frozen;

namespace Strangler.Gateway.Configuration;

/// <summary>The policies that the configuration defines, by the names under which routes refer to them.</summary>
/// <param name="Schemes">How callers show who they are.</param>
/// <param name="Access">Who may call a route.</param>
/// <param name="Cors">Which pages of other origins may call a route.</param>
/// <param name="DefaultCors">The CORS policy <c>default</c>. Null if there is none.</param>
/// <param name="RateLimits">How often a route may be called.</param>
/// <param name="Cache">For how long answers are kept.</param>
internal sealed record PolicyModel(
    SchemesModel Schemes,
    FrozenDictionary<string, AccessPolicyModel> Access,
    FrozenDictionary<string, CorsPolicyModel> Cors,
    CorsPolicyModel? DefaultCors,
    FrozenDictionary<string, RateLimitModel> RateLimits,
    OutputCacheModel Cache
)
{
    public static readonly PolicyModel None = new(
        SchemesModel.None,
        FrozenDictionary<string, AccessPolicyModel>.Empty,
        FrozenDictionary<string, CorsPolicyModel>.Empty,
        null,
        FrozenDictionary<string, RateLimitModel>.Empty,
        new(1, 1, FrozenDictionary<string, OutputCachePolicyModel>.Empty)
    );
}
