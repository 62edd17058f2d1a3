namespace Strangler.Evidence.Storing;

/// <summary>All keys without a match, and the sampled requests that named them.</summary>
internal sealed record UnprovenTotal(long Keys, long Requests);
