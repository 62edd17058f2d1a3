using System.Collections.Frozen;

namespace Strangler.Gateway.Configuration;

/// <summary>For how long answers of legacy are kept in memory.</summary>
/// <param name="SizeLimit">The maximum number of bytes of all kept answers.</param>
/// <param name="MaxBodyBytes">The maximum number of bytes of a kept answer.</param>
/// <param name="Policies">The policies, by name.</param>
internal sealed record OutputCacheModel(
    long SizeLimit,
    long MaxBodyBytes,
    FrozenDictionary<string, OutputCachePolicyModel> Policies
);
