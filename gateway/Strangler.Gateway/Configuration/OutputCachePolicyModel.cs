namespace Strangler.Gateway.Configuration;

/// <summary>For how long answers are kept.</summary>
/// <param name="Expiration">The time after which legacy is asked again.</param>
/// <param name="VaryByHeader">Request headers for each value of which an answer of its own is kept.</param>
internal sealed record OutputCachePolicyModel(TimeSpan Expiration, IReadOnlyList<string> VaryByHeader);
