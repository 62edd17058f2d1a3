namespace Strangler.Comparing.Differences;

/// <summary>One difference between legacy's answer and the lookup's.</summary>
/// <param name="Kind">How they differ.</param>
/// <param name="Path">
/// Where: a normalized path of RFC 9535, names in shorthand where possible (<c>$.items[3].qty</c>); or <c>status</c>,
/// <c>header:content-type</c>, <c>body</c>.
/// </param>
/// <param name="General">
/// The path with indices and the keys of maps generalized (<c>$.items[*].qty</c>), so that one fault is one line.
/// </param>
/// <param name="Legacy">JSON text of legacy's value, masked, at most 256 characters; null if it has none.</param>
/// <param name="Lookup">The same for the lookup.</param>
public sealed record Difference(DifferenceKind Kind, string Path, string General, string? Legacy, string? Lookup);
