using Strangler.Comparing.Paths;

namespace Strangler.Comparing.Rules;

/// <summary>An array whose elements are matched by a member.</summary>
/// <param name="Path">The array.</param>
/// <param name="Member">The member that is the key, as seen from the element: <c>$.sku</c>. Names only.</param>
internal sealed record KeyedArray(PathPattern Path, PathPattern Member);
