namespace Strangler.Evidence.Reports;

/// <summary>A key without a match.</summary>
/// <param name="Key">In canonical text.</param>
/// <param name="Requests">Sampled requests that named it.</param>
/// <param name="Compared">How often it had a verdict.</param>
/// <param name="Last">The last verdict on it, with its reason: <c>undetermined: noise</c>.</param>
public sealed record UnprovenKey(string Key, long Requests, long Compared, string Last);
