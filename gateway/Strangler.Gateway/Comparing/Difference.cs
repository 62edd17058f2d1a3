namespace Strangler.Gateway.Comparing;

/// <summary>One difference between two answers.</summary>
/// <param name="Kind">In what they differ.</param>
/// <param name="Path">Where: a normalized path in RFC 9535's words (<c>$.items[3].qty</c>), <c>status</c>, <c>header:content-type</c> or <c>body</c>.</param>
/// <param name="General">The path with indices and map keys made general (<c>$.items[*].qty</c>), so that one fault is one line.</param>
/// <param name="Legacy">Legacy's value as JSON text, bounded and masked; null where it has none.</param>
/// <param name="Lookup">The lookup's.</param>
internal sealed record Difference(DifferenceKind Kind, string Path, string General, string? Legacy, string? Lookup);
