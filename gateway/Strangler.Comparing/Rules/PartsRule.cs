using Strangler.Comparing.Paths;

namespace Strangler.Comparing.Rules;

/// <summary>An answer made of many keys: each element of an array is the part of one key.</summary>
/// <param name="Path">The elements, by names and one last wildcard: <c>$.items[*]</c>.</param>
/// <param name="By">The member that is the key, as seen from the element: <c>$.sku</c>. Names only.</param>
internal sealed record PartsRule(PathPattern Path, PathPattern By);
